import path from 'node:path'
import { formatMicros } from '../loop/core/timestamp.ts'
import { RUN_OUTCOMES } from '../loop/events/event.ts'
import { ACTIVE_FILE } from '../loop/events/event-files.ts'
import type { SimulationStatus, SimulationSummary } from '../schema.ts'
import type { JsonFiles } from './run-folder.ts'
import type { RunScan } from './run-scan.ts'

const RUNNING_MS = 60_000
const GENERATED_TAIL = /_\d+agents_\d{8}_\d{6}_\d{2}$/

/** Status a run has for another reason than its files: a served run lives exactly while its lease does. */
export type StatusOverride = (runId: string) => 'running' | 'not_running' | undefined

const isOutcome = (value: unknown): value is SimulationStatus => RUN_OUTCOMES.includes(value as 'completed')

export function statusOf(scan: RunScan, json: JsonFiles, override: StatusOverride, nowMs: number): SimulationStatus {
  const ended = scan.index.highlights.end?.outcome ?? json.read(path.join(scan.dir, 'result.json'))?.['status']
  if (isOutcome(ended)) return ended
  const served = override(scan.runId)
  if (served) return served === 'running' ? 'running' : 'unknown'
  const active = scan.files.find(({ name }) => name === ACTIVE_FILE)
  return active && nowMs - active.mtimeMs < RUNNING_MS ? 'running' : 'unknown'
}

export function nameOf(scan: RunScan, json: JsonFiles): string {
  const config = json.read(path.join(scan.dir, 'config.json'))
  const result = json.read(path.join(scan.dir, 'result.json'))
  const named = [config?.['simulation']?.name, result?.['run_metadata']?.simulation_name]
  const found = named.find((name) => typeof name === 'string' && name !== '')
  return found ?? (scan.runId.replace(GENERATED_TAIL, '') || scan.runId)
}

export function summarise(scan: RunScan, json: JsonFiles, status: SimulationStatus): SimulationSummary {
  const { index, files } = scan
  const isEmpty = index.length === 0
  return {
    id: scan.runId,
    name: nameOf(scan, json),
    start_time: isEmpty ? null : formatMicros(index.minMicros),
    event_count: index.length,
    status,
    last_event_time: isEmpty ? null : formatMicros(index.maxMicros),
    last_turn: isEmpty ? null : index.maxTurn,
    file_count: files.length,
    total_bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    corrupted_lines: scan.corrupted,
  }
}
