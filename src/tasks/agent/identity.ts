import { randomBytes } from 'node:crypto'
import { type Config, ConfigError } from '../../kernel/config/load-config.ts'
import { CAPABILITIES, type Capability } from '../schema.ts'

export const SDK_VERSION = 'claude-agent-sdk-1.0'

/** Contract 4.2. */
const PROFILES: Record<'default' | 'balanced', Record<string, readonly Capability[]>> = {
  default: {
    agent_1: ['data_analysis', 'code_generation'],
    agent_2: ['web_scraping', 'api_integration'],
    agent_3: ['file_processing', 'database_operations'],
    agent_4: ['code_generation', 'api_integration'],
    agent_5: ['data_analysis', 'database_operations'],
  },
  balanced: {
    agent_1: ['data_analysis', 'web_scraping', 'code_generation'],
    agent_2: ['data_analysis', 'web_scraping', 'api_integration'],
    agent_3: ['data_analysis', 'file_processing', 'database_operations'],
    agent_4: ['code_generation', 'api_integration'],
    agent_5: ['data_analysis', 'database_operations'],
  },
}

export type Identity = {
  agentId: string
  /** 0 takes a free one. */
  port: number
  host: string
  capabilities: readonly Capability[]
  /** New for every start of the process. */
  instance: string
  serverUrl: string
}

/** Capabilities by AGENT_CAPABILITIES, else by profile; other ids repeat the map of the five. Throws ConfigError. */
function capabilitiesOf({ agentId, agentCapabilities, agentProfile }: Config['tasks']): readonly Capability[] {
  if (agentCapabilities && agentCapabilities.length > 0) {
    const unknown = agentCapabilities.filter((name) => !(CAPABILITIES as readonly string[]).includes(name))
    if (unknown.length > 0)
      throw new ConfigError([`AGENT_CAPABILITIES: unknown ${unknown.join(', ')}; allowed: ${CAPABILITIES.join(', ')}`])
    return [...new Set(agentCapabilities)] as Capability[]
  }
  const number = Number(agentId.replace(/\D/g, ''))
  return PROFILES[agentProfile][`agent_${((number + 4) % 5) + 1}`]!
}

/** Who this process is, from settings. Throws ConfigError naming variable and remedy. */
export function readIdentity(config: Config): Identity {
  const { tasks, core } = config
  const number = Number(tasks.agentId.replace(/\D/g, ''))
  return {
    agentId: tasks.agentId,
    port: tasks.agentPort ?? (8000 + number <= 65_535 ? 8000 + number : 0),
    host: core.host,
    capabilities: capabilitiesOf(tasks),
    instance: randomBytes(12).toString('hex'),
    serverUrl: (core.publicUrl ?? `http://127.0.0.1:${core.port}`).replace(/\/$/, ''),
  }
}
