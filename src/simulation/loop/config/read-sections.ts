import { isMap, show } from '../core/json.ts'
import { readSection } from './fields.ts'
import type { Path } from './problem.ts'
import {
  agentFields,
  engineFields,
  eventStreamFields,
  llmFields,
  loggingFields,
  rootFields,
  simulationFields,
  terminationFields,
  validatorFields,
} from './sections.ts'
import type { AgentConfig, SimulationConfig } from './simulation-config.ts'
import type { Source } from './yaml-source.ts'

/** `turns` is another name of `max_turns`; given both they must agree. */
function readSimulation(raw: unknown, { findings }: Source): SimulationConfig['simulation'] {
  const at: Path = ['simulation']
  const given = isMap(raw) ? { ...raw } : raw
  let table = simulationFields
  if (isMap(given) && given['turns'] !== undefined) {
    if (given['max_turns'] !== undefined && given['max_turns'] !== given['turns'])
      findings.add(
        [...at, 'turns'],
        `equal to max_turns (${show(given['max_turns'])})`,
        show(given['turns']),
        'Give only one of them.',
      )
    if (given['max_turns'] === undefined) {
      const { max_turns: maxTurns, ...others } = simulationFields
      table = { ...others, turns: maxTurns! }
    } else delete given['turns']
  }
  const section = readSection(given, at, table, findings)
  const { turns, ...rest } = section
  const termination = readSection(section['termination'], [...at, 'termination'], terminationFields, findings)
  return { ...rest, max_turns: section['max_turns'] ?? turns, termination } as SimulationConfig['simulation']
}

/** Keys an entry does not define belong to its component: they move into `config`. */
function readComponent(raw: unknown, at: Path, table: typeof engineFields, { findings }: Source): Record<string, any> {
  const extras: Record<string, unknown> = {}
  const section = readSection(raw, at, table, findings, extras)
  return { ...section, config: { ...extras, ...section['config'] } }
}

function readAgents(raw: unknown, source: Source): AgentConfig[] {
  const { findings } = source
  const agents = (Array.isArray(raw) ? raw : []).map((entry, i) => readAgent(entry, ['agents', i], source))
  const seen = new Set<string>()
  agents.forEach(({ name }, i) => {
    if (name !== undefined && seen.has(name))
      findings.add(['agents', i, 'name'], 'unique', `"${name}" again`, 'Rename one of the agents.')
    seen.add(name)
  })
  return agents
}

function readAgent(raw: unknown, at: Path, source: Source): AgentConfig {
  const agent = readComponent(raw, at, agentFields, source) as AgentConfig
  const strength = agent.initial_economic_strength
  if (strength === null) return agent
  const stated = agent.initial_state['economic_strength']
  if (stated !== undefined && stated !== strength) {
    const expected = `equal to initial_state.economic_strength (${show(stated)})`
    source.findings.add([...at, 'initial_economic_strength'], expected, show(strength), 'Give only one of them.')
  }
  return { ...agent, initial_state: { ...agent.initial_state, economic_strength: strength } }
}

function readEventStream(raw: unknown, { findings }: Source): SimulationConfig['event_stream'] {
  const section = readSection(raw, ['event_stream'], eventStreamFields, findings)
  return {
    ...section,
    fsync: section['fsync'] ?? (section['mode'] === 'sync' ? 'always' : 'never'),
  } as SimulationConfig['event_stream']
}

function readLlm(raw: unknown, { findings }: Source): SimulationConfig['llm'] {
  if (raw === undefined || raw === null) return null
  const section = readSection(raw, ['llm'], llmFields, findings)
  const speaksOpenai = section['api_key'] !== null || /\/v1\/?$/.test(String(section['host']))
  return {
    ...section,
    provider: section['provider'] ?? (speaksOpenai ? 'openai' : 'ollama'),
  } as SimulationConfig['llm']
}

function readGlobals(raw: unknown, { findings }: Source): Record<string, any> {
  if (!isMap(raw)) return {}
  const { turn, ...globals } = raw
  if (turn !== undefined)
    findings.warn(
      'global_turn_ignored',
      ['global_state', 'turn'],
      'global_state.turn is ignored: the run counts its turns',
    )
  return globals
}

const section = (raw: unknown): Record<string, any> | null => (isMap(raw) ? raw : null)

/** Everything that can be checked without components, variables and files. Problems go to the source's findings. */
export function readSections(source: Source): SimulationConfig | undefined {
  const { value, findings } = source
  if (findings.problems.length > 0 && value === undefined) return undefined
  if (!isMap(value)) {
    findings.add([], 'a map of sections', show(value), 'Write the sections simulation, agents, engine and validator.')
    return undefined
  }
  const root = readSection(value, [], rootFields, findings)
  for (const key of ['state_variables', 'observability', 'spatial'])
    if (root[key] !== undefined && root[key] !== null && !isMap(root[key]))
      findings.add([key], 'a map of keys', show(root[key]), 'Write keys below it.')
  const present = (key: string, read: () => any) => (value[key] === undefined ? undefined : read())
  const agents = readAgents(root['agents'], source)
  const simulation = present('simulation', () => readSimulation(value['simulation'], source))
  if (simulation && agents.length > simulation.max_agents)
    findings.add(
      ['agents'],
      `at most max_agents (${simulation.max_agents}) agents`,
      `${agents.length} agents`,
      'Raise simulation.max_agents.',
    )
  return {
    simulation,
    engine: present('engine', () => readComponent(value['engine'], ['engine'], engineFields, source)),
    validator: present('validator', () => readComponent(value['validator'], ['validator'], validatorFields, source)),
    agents,
    global_state: readGlobals(root['global_state'], source),
    event_stream: readEventStream(root['event_stream'], source),
    llm: readLlm(root['llm'], source),
    state_variables: section(root['state_variables']),
    observability: section(root['observability']),
    spatial: section(root['spatial']),
    logging: readSection(root['logging'], ['logging'], loggingFields, findings) as SimulationConfig['logging'],
  }
}
