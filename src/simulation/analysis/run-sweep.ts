import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import type { SweepRow } from '../schema.ts'
import { configOf, type SweepMember } from './sweep-plan.ts'
import { defaultMeasures, measureOf } from './sweep-table.ts'
import type { SweepDone, SweepTask } from './sweep-worker.ts'

const WORKER = path.join(import.meta.dirname, 'sweep-worker.ts')

export type SweepRun = {
  sweepId: string
  config: Record<string, unknown>
  members: readonly SweepMember[]
  measures: readonly string[]
  workers: number
  baseDir: string
  outputRoot: string
  implementationsRoot: string
  env: Readonly<Record<string, string | undefined>>
  /** Called as each run ends. */
  onRow?: (row: SweepRow, done: number) => void
  /** No further run is started once it is aborted. */
  signal?: AbortSignal
}

export const memberRunId = (sweepId: string, position: number, total: number): string =>
  `${sweepId}.${String(position + 1).padStart(String(total).length, '0')}`

/** Runs the members in child processes, as many at a time as there are workers. The rows come in the order of the plan. */
export async function runSweep(sweep: SweepRun): Promise<{ rows: SweepRow[]; measures: string[] }> {
  const { members, sweepId } = sweep
  const rows = new Map<number, SweepRow>()
  let measures = [...sweep.measures]
  let next = 0
  const record = (member: SweepMember, done: SweepDone) => {
    if (measures.length === 0 && done.state) measures = defaultMeasures(done.state)
    const row: SweepRow = {
      ...member,
      run_id: memberRunId(sweepId, member.position, members.length),
      status: done.status,
      final_turn: done.finalTurn,
      measures: Object.fromEntries(measures.map((name) => [name, done.state ? measureOf(done.state, name) : null])),
      error: done.error,
    }
    rows.set(member.position, row)
    sweep.onRow?.(row, rows.size)
  }
  const work = async () => {
    let child: ChildProcess | undefined
    try {
      while (next < members.length && !sweep.signal?.aborted) {
        const member = members[next++]!
        child = child?.connected ? child : fork(WORKER, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
        record(member, await ask(child, taskOf(sweep, member)))
      }
    } finally {
      if (child?.connected) child.disconnect()
    }
  }
  await Promise.all(Array.from({ length: Math.min(sweep.workers, members.length) }, work))
  return { rows: [...rows.values()].sort((a, b) => a.position - b.position), measures }
}

const taskOf = (sweep: SweepRun, member: SweepMember): SweepTask => ({
  position: member.position,
  runId: memberRunId(sweep.sweepId, member.position, sweep.members.length),
  config: configOf(sweep.config, member),
  baseDir: sweep.baseDir,
  outputRoot: sweep.outputRoot,
  implementationsRoot: sweep.implementationsRoot,
  env: { ...sweep.env },
})

/** The answer of a worker; a worker that dies fails the run it had. */
function ask(child: ChildProcess, task: SweepTask): Promise<SweepDone> {
  return new Promise((resolve) => {
    const settle = (done: SweepDone) => {
      child.off('message', settle)
      child.off('exit', onExit)
      resolve(done)
    }
    const onExit = (code: number | null, signal: string | null) =>
      settle({
        position: task.position,
        status: 'failed',
        finalTurn: null,
        state: null,
        error: `The process of the run ended with ${signal ?? `code ${code}`}`,
      })
    child.on('message', settle)
    child.on('exit', onExit)
    child.send(task)
  })
}
