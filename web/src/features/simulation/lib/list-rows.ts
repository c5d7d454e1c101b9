import type { ServedRun, SimSummary } from '../types.ts'

export type SimRow = {
  id: string
  name: string
  status: string
  turn: number | null
  events: number
  problems: number
  start: string | null
}

/** Runs found on disk together with those the platform serves: its finer state wins, and queued ones that wrote nothing yet are listed too. */
export function listRows(found: readonly SimSummary[], served: readonly ServedRun[]): SimRow[] {
  const byId = new Map(served.map((run) => [run.run_id, run]))
  const rows = found.map((run): SimRow => {
    const own = byId.get(run.id)
    return {
      ...{
        id: run.id,
        name: run.name,
        events: run.event_count,
        problems: run.corrupted_lines ?? 0,
        start: run.start_time,
      },
      ...{ status: own?.status ?? run.status, turn: run.last_turn ?? own?.turn ?? null },
    }
  })
  const known = new Set(found.map((run) => run.id))
  const unwritten = served
    .filter((run) => !known.has(run.run_id) && ['queued', 'running', 'paused', 'stopping'].includes(run.status))
    .map(
      (run): SimRow => ({
        id: run.run_id,
        name: run.name,
        status: run.status,
        turn: run.turn,
        events: 0,
        problems: 0,
        start: run.created_at,
      }),
    )
  return [...unwritten, ...rows]
}
