import fs from 'node:fs'
import path from 'node:path'
import { loadCheckpoint, readCheckpoint } from '../checkpoints/checkpoint-store.ts'
import {
  HIDDEN_SECRET,
  type LoadedConfig,
  type LoadOptions,
  loadConfigFile,
  loadConfigObject,
} from '../config/load-config.ts'
import { CheckpointLoadError, messageOf, ResumeError } from '../core/errors.ts'
import { canonicalJson, deepFreeze } from '../core/json.ts'
import { checkValue } from '../state/check-value.ts'
import { type Definitions, schemaHash } from '../state/definitions.ts'
import type { AgentState, SimulationState } from '../state/state.ts'
import type { Prepared } from './orchestrator-options.ts'

export type ResumeSource = {
  runId: string
  turn: number | 'last'
  outputRoot?: string
  /** A configuration given in addition: same variables, engine, validator and agents; its other settings count. */
  configFile?: string
  /** Variables to change in the loaded state: a branch that asks what would have been. */
  changes?: StateChanges
  /** Model answers are replayed: no secret is needed. */
  replays?: boolean
}

export type StateChanges = {
  agents?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  global_state?: Readonly<Record<string, unknown>>
}

/** The state with some variables changed. Throws ResumeError naming the first that does not fit. */
function withChanges(state: SimulationState, changes: StateChanges, definitions: Definitions): SimulationState {
  const set = (
    old: Readonly<Record<string, any>>,
    given: Readonly<Record<string, unknown>>,
    scope: 'agent' | 'global',
    path: string,
  ) => {
    const changed: Record<string, any> = { ...old }
    for (const [name, value] of Object.entries(given)) {
      const definition = definitions[scope].get(name)
      if (!definition)
        throw new ResumeError(`${path}.${name} is not a defined variable: ${[...definitions[scope].keys()].join(', ')}`)
      const checked = checkValue(definition, value, `${path}.${name}`)
      if (checked.problem)
        throw new ResumeError(
          `${checked.problem.path} must be ${checked.problem.expected}, but is ${checked.problem.actual}`,
        )
      changed[name] = checked.value
    }
    return changed
  }
  const agents = { ...state.agents }
  for (const [name, given] of Object.entries(changes.agents ?? {})) {
    if (!Object.hasOwn(agents, name))
      throw new ResumeError(`agents.${name} is not in the checkpoint: agents are ${Object.keys(agents).join(', ')}`)
    agents[name] = set(agents[name]!, given, 'agent', `agents.${name}`) as AgentState
  }
  return deepFreeze({
    ...state,
    agents,
    globalState: set(state.globalState, changes.global_state ?? {}, 'global', 'global_state'),
  })
}

const SAFE_ID = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/

function readStoredConfig(runDir: string, runId: string): Record<string, any> {
  try {
    return JSON.parse(fs.readFileSync(path.join(runDir, 'config.json'), 'utf8'))
  } catch (error) {
    throw new ResumeError(
      `The run ${runId} has no usable config.json in ${runDir}: ${messageOf(error)}`,
      { missing: true },
      { cause: error },
    )
  }
}

const identity = (config: LoadedConfig['config']): Record<string, unknown> => ({
  engine: config.engine,
  validator: config.validator,
  agents: config.agents.map(({ name, type }) => ({ name, type })),
})

/** Refuses a configuration that is not the one of the run in what a state depends on. */
function mustMatch(given: LoadedConfig, stored: LoadedConfig): void {
  const [ours, theirs] = [identity(given.config), identity(stored.config)]
  for (const key of ['engine', 'validator', 'agents'])
    if (canonicalJson(ours[key]) !== canonicalJson(theirs[key]))
      throw new ResumeError(
        `The given configuration has another ${key} than the run: resume without a file, or with the run's own`,
      )
  if (schemaHash(given.definitions) !== schemaHash(stored.definitions))
    throw new ResumeError(
      "The given configuration has other variables than the run: resume without a file, or with the run's own",
    )
}

/** Finds run and checkpoint, checks that they fit. Throws ResumeError, CheckpointLoadError, SchemaCompatibilityError. */
export async function prepareResume(
  source: ResumeSource & { outputRoot: string },
  options: LoadOptions,
): Promise<Prepared> {
  const { runId, turn, outputRoot, configFile } = source
  const runDir = path.resolve(outputRoot, runId)
  if (!SAFE_ID.test(runId) || !fs.existsSync(runDir))
    throw new ResumeError(`There is no run ${runId} in ${path.resolve(outputRoot)}`, { missing: true })
  const raw = readStoredConfig(runDir, runId)
  const given = configFile === undefined ? undefined : await loadConfigFile(configFile, options)
  if (given && raw['llm'] && given.config.llm) raw['llm'] = { ...raw['llm'], api_key: given.config.llm.api_key }
  else if (raw['llm'] && source.replays) raw['llm'] = { ...raw['llm'], api_key: null }
  else if (raw['llm']?.api_key === HIDDEN_SECRET)
    throw new ResumeError(
      `llm.api_key of ${runId} was not stored: resume with the configuration file to supply it again`,
    )
  const stored = await loadConfigObject(raw, { ...options, baseDir: runDir })
  if (given) mustMatch(given, stored)
  const loaded = given ?? stored
  readCheckpoint(runDir, turn)
  const checkpoint = loadCheckpoint(runDir, turn, loaded.definitions, schemaHash(loaded.definitions))
  if (turn !== 'last' && checkpoint.state.turn !== turn)
    throw new CheckpointLoadError(`turn_${turn}.json of ${runId} holds turn ${checkpoint.state.turn}`)
  const state = source.changes ? withChanges(checkpoint.state, source.changes, loaded.definitions) : checkpoint.state
  const reseeded = options.overrides?.some(({ path: at }) => at.join('.') === 'simulation.seed') ?? false
  return { loaded, resume: { runId, turn: state.turn, checkpoint: { ...checkpoint, state }, reseeded } }
}
