import type { Init } from '../components/base-agent.ts'
import type { BaseEngine } from '../components/base-engine.ts'
import type { BaseValidator } from '../components/base-validator.ts'
import type { AgentClass } from '../components/component-class.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { LlmClient } from '../llm/llm-client.ts'
import type { Logger } from '../logging/logger.ts'
import type { AgentSlot, LlmBook } from './run-parts.ts'

export type LlmFor = (
  component: 'agent' | 'validator' | 'engine',
  agentName?: string,
) => (LlmClient & LlmBook) | undefined

const init = (config: Record<string, any>, logger: Logger, llm: LlmClient | undefined): Init =>
  llm ? { config, logger, llm } : { config, logger }

export function makeEngine(
  { engine: Engine, config }: LoadedConfig,
  log: Logger,
  llm: LlmClient | undefined,
): BaseEngine {
  return new Engine({
    ...init(config.engine.config, log.bind({ component: 'engine' }), llm),
    interestRate: config.engine.interest_rate,
    simulation: config.simulation,
    agents: config.agents,
  })
}

export function makeValidator(
  { validator: Validator, config }: LoadedConfig,
  log: Logger,
  llm: LlmClient | undefined,
): BaseValidator {
  const { domain, permissive, config: own } = config.validator
  return new Validator({ ...init(own, log.bind({ component: 'validator' }), llm), domain, permissive })
}

export function makeSlot(
  Agent: AgentClass,
  about: { name: string; type: string; config: Record<string, any>; isDynamic: boolean },
  log: Logger,
  llmFor: LlmFor,
): AgentSlot {
  const llm = llmFor('agent', about.name)
  const logger = log.bind({ component: 'agent', agent_id: about.name })
  return { ...about, agent: new Agent({ ...init(about.config, logger, llm), name: about.name }), llm, previous: null }
}
