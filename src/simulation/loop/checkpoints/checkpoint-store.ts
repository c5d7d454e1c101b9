import fs from 'node:fs'
import path from 'node:path'
import { CheckpointLoadError, CheckpointSaveError, messageOf, SchemaCompatibilityError } from '../core/errors.ts'
import { isMap, type JsonMap } from '../core/json.ts'
import { type RunFs, writeAtomically } from '../run/atomic-file.ts'
import type { Definitions } from '../state/definitions.ts'
import { checkedState } from '../state/initial-state.ts'
import { type SimulationState, stateFromDisk, stateToDisk } from '../state/state.ts'

export type CheckpointType = 'initial' | 'interval' | 'final' | 'last'
export type DynamicAgent = { name: string; type: string; config: JsonMap }
export type CheckpointMetadata = {
  run_id: string
  turn: number
  timestamp: string
  schema_hash: string
  checkpoint_type: CheckpointType
  rng_state: string
  dynamic_agents: DynamicAgent[]
}
export type Checkpoint = { metadata: CheckpointMetadata; state: SimulationState }

const TURN_FILE = /^turn_(0|[1-9]\d*)\.json$/

/** Turns that have a `turn_N.json`, ascending. Files with other names do not count; a missing folder has none. */
export function listCheckpoints(runDir: string, fsys: Pick<RunFs, 'readdirSync'> = fs): number[] {
  let names: string[]
  try {
    names = fsys.readdirSync(path.join(runDir, 'checkpoints')) as string[]
  } catch {
    return [] // No folder, no checkpoints.
  }
  return names
    .map((name) => TURN_FILE.exec(name)?.[1])
    .filter((turn) => turn !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}

export const checkpointFile = (runDir: string, turn: number | 'last'): string =>
  path.join(runDir, 'checkpoints', turn === 'last' ? 'last.json' : `turn_${turn}.json`)

/** Saves a checkpoint; an existing `turn_N.json` is left as it is. Throws CheckpointSaveError with turn, path and cause. */
export function saveCheckpoint(
  runDir: string,
  target: number | 'last',
  checkpoint: Checkpoint,
  fsys: RunFs = fs,
): void {
  const file = checkpointFile(runDir, target)
  if (target !== 'last' && fsys.existsSync(file)) return
  try {
    fsys.mkdirSync(path.dirname(file), { recursive: true })
    writeAtomically(fsys, file, JSON.stringify({ metadata: checkpoint.metadata, state: stateToDisk(checkpoint.state) }))
  } catch (error) {
    const { turn } = checkpoint.metadata
    throw new CheckpointSaveError(
      `The checkpoint of turn ${turn} cannot be saved to ${file}: ${messageOf(error)}`,
      { turn, path: file },
      { cause: error },
    )
  }
}

/** Reads a checkpoint and checks it against the variables. Throws CheckpointLoadError or SchemaCompatibilityError. */
export function loadCheckpoint(
  runDir: string,
  turn: number | 'last',
  definitions: Definitions,
  schemaHash: string,
): Checkpoint {
  const { metadata, state } = readCheckpoint(runDir, turn)
  if (metadata.schema_hash !== schemaHash)
    throw new SchemaCompatibilityError(
      `The checkpoint was made with other variables: its schema hash is ${metadata.schema_hash}, the configuration's is ${schemaHash}. Resume with the configuration of that run`,
      { expected: schemaHash, actual: metadata.schema_hash },
    )
  try {
    return { metadata, state: checkedState(state, definitions) }
  } catch (error) {
    throw new CheckpointLoadError(
      `${checkpointFile(runDir, turn)} does not fit the variables: ${messageOf(error)}`,
      {},
      { cause: error },
    )
  }
}

/** Reads a checkpoint without knowing the variables. Throws CheckpointLoadError. */
export function readCheckpoint(runDir: string, turn: number | 'last'): Checkpoint {
  const file = checkpointFile(runDir, turn)
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    const known = listCheckpoints(runDir).join(', ') || 'none'
    throw new CheckpointLoadError(
      `The checkpoint ${file} was not found; turns with a checkpoint: ${known}`,
      { path: file, missing: true },
      { cause: error },
    )
  }
  let disk: any
  try {
    disk = JSON.parse(text)
  } catch (error) {
    throw new CheckpointLoadError(
      `The checkpoint ${file} is not valid JSON: ${messageOf(error)}`,
      { path: file },
      { cause: error },
    )
  }
  const wrong = shapeProblem(disk)
  if (wrong) throw new CheckpointLoadError(`The checkpoint ${file} is not usable: ${wrong}`, { path: file })
  return { metadata: { dynamic_agents: [], ...disk.metadata }, state: stateFromDisk(disk.state) }
}

function shapeProblem(disk: unknown): string | undefined {
  if (!isMap(disk) || !isMap(disk['metadata']) || !isMap(disk['state'])) return 'metadata and state are needed'
  const { metadata, state } = disk as { metadata: Record<string, unknown>; state: Record<string, any> }
  if (typeof metadata['run_id'] !== 'string') return 'metadata.run_id must be text'
  if (typeof metadata['schema_hash'] !== 'string') return 'metadata.schema_hash must be text'
  if (!Number.isSafeInteger(metadata['turn']) || metadata['turn'] !== state['turn'])
    return 'metadata.turn must equal state.turn'
  if (typeof metadata['rng_state'] !== 'string') return 'metadata.rng_state must be text'
  if (!isMap(state['agents']) || !Object.values(state['agents']).every(isMap))
    return 'state.agents must be a map of agents'
  if (!isMap(state['global_state'])) return 'state.global_state must be a map'
  for (const key of ['reasoning_chains', 'paused_agents'])
    if (state[key] !== undefined && !Array.isArray(state[key])) return `state.${key} must be a list`
  if (state['auto_resume'] !== undefined && !isMap(state['auto_resume'])) return 'state.auto_resume must be a map'
  return undefined
}
