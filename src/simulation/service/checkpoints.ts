import fs from 'node:fs'
import { checkpointFile, listCheckpoints } from '../loop/checkpoints/checkpoint-store.ts'
import type { CheckpointsResponse } from '../schema.ts'

/** Turns with a file of their own, and the turn of `last.json`. */
export function checkpointsOf(runDir: string): CheckpointsResponse {
  const last = readStoredCheckpoint(runDir, 'last')
  const turn = last === undefined ? null : (JSON.parse(last)?.metadata?.turn ?? null)
  return { checkpoints: listCheckpoints(runDir), last: typeof turn === 'number' ? turn : null }
}

/** The text of a checkpoint; undefined when there is none of that name or it is not JSON. */
export function readStoredCheckpoint(runDir: string, turn: string): string | undefined {
  if (turn !== 'last' && !/^(0|[1-9]\d{0,15})$/.test(turn)) return undefined
  try {
    const text = fs.readFileSync(checkpointFile(runDir, turn === 'last' ? 'last' : Number(turn)), 'utf8')
    JSON.parse(text)
    return text
  } catch {
    return undefined // Absent or malformed: the same to whoever asks.
  }
}
