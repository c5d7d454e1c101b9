import { type CheckpointType, saveCheckpoint } from '../checkpoints/checkpoint-store.ts'
import type { JsonMap } from '../core/json.ts'
import type { SimulationState } from '../state/state.ts'
import type { RunFs } from './atomic-file.ts'
import type { RunParts } from './run-parts.ts'

/** Saves `turn_N.json`, unless only the newest is wanted, and always `last.json`. */
export function saveRunCheckpoint(
  parts: RunParts,
  state: SimulationState,
  schemaHash: string,
  target: number | 'last',
  type: CheckpointType,
  fs: RunFs,
): void {
  const metadata = {
    run_id: parts.runId,
    turn: state.turn,
    timestamp: parts.now().toISOString(),
    schema_hash: schemaHash,
    rng_state: parts.random.state,
    dynamic_agents: [...parts.slots.values()]
      .filter(({ isDynamic }) => isDynamic)
      .map(({ name, type: kind, config }) => ({ name, type: kind, config: config as JsonMap })),
  }
  if (target !== 'last')
    saveCheckpoint(parts.runDir, target, { metadata: { ...metadata, checkpoint_type: type }, state }, fs)
  saveCheckpoint(parts.runDir, 'last', { metadata: { ...metadata, checkpoint_type: 'last' }, state }, fs)
}
