// Holds the served runs of this process: claims queued ones, runs each in a child, renews leases, carries out what was asked for,
// and goes on with runs whose process or host was lost. Everything between processes is rows; notifications only save waiting.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { processEnvironment } from '../../kernel/config/load-config.ts'
import { systemCtx } from '../../kernel/context.ts'
import { isConnectionError, isStoreAway } from '../../kernel/db/database.ts'
import { release } from '../../kernel/db/holds.ts'
import { watchSilence } from '../../kernel/db/watch-silence.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { messageOf } from '../loop/core/errors.ts'
import type { ServedStatus } from '../schema.ts'
import { answerModel } from './answer-model.ts'
import type { FromChild, OperationOutcome } from './child-protocol.ts'
import { continueAfterCrash } from './continue-run.ts'
import { forkChild, type RunChild } from './fork-child.ts'
import { outputRootOf, specOf, TOPIC } from './served.ts'
import { CHILD_HOLD } from './simulation-flow.ts'
import { type Ending, endRow, lockRow, type ServedRow } from './store.ts'

const TICK_MS = 250
const LEASE = "interval '4 seconds'"
/**
 * Whose process is lost: the engine has taken over all that the holder ever was, or the lease ran out. A holder that the engine knows as
 * alive is only late, on a busy machine for one: it has 26 s more, as long as the engine gives it.
 */
const HOLDER = `from kernel.process_names n join kernel.processes p on p.id = n.executor_id where n.process_id = r.process_id`
const TAKEN = `coalesce((select bool_and(p.taken_at is not null) ${HOLDER}), false)`
const LATE = `lease_until < now() - case when exists (select 1 ${HOLDER} and p.taken_at is null) then interval '26 seconds' else interval '0' end`
/** How long a parting process waits for its children to finish a turn. */
const PARK_MS = 3000

type Held = {
  child: RunChild
  runId: string
  kernelRunId: string | null
  turn: number
  /** What the child was last told to be. */
  told: 'running' | 'paused' | 'stopping'
  started: boolean
  ended: boolean
  operations: Set<string>
}

export type Supervisor = { stop(): Promise<void> }

export function startSupervisor(kernel: Kernel): Supervisor {
  const env = processEnvironment()
  const host = os.hostname()
  const most = kernel.config.simulation.maxRuns ?? Math.max(1, Math.floor(os.availableParallelism() / 2))
  const held = new Map<string, Held>()
  const silence = watchSilence()
  let stopped = false
  let again = false
  let working: Promise<void> | undefined

  const ctx = () => systemCtx(kernel)

  /** Ends the row, tells the platform's run and whoever follows the platform's events. */
  const end = (runId: string, ending: Ending) =>
    kernel.db.transaction(async (tx) => {
      const row = await endRow(tx, runId, ending)
      if (!row) return
      if (row.kernel_run_id) await release(tx, row.kernel_run_id, CHILD_HOLD)
      await emit(tx, ctx(), {
        domain: 'simulation',
        type: `simulation.${ending.status}`,
        level: 'MILESTONE',
        stream: `simulation:${runId}`,
        ...(row.kernel_run_id ? { runId: row.kernel_run_id } : {}),
        summary: `Simulation ${runId} ${ending.status}`,
        data: { run_id: runId, turn: row.turn, termination_reason: ending.terminationReason ?? null },
      })
    })

  const finish = async (run: Held, ending: Ending) => {
    run.ended = true
    await untilDatabase(() => end(run.runId, ending))
    held.delete(run.runId)
    wake()
  }

  const onMessage = (run: Held, message: FromChild) => {
    switch (message.type) {
      case 'started':
        run.started = true
        run.turn = message.turn
        void untilDatabase(() =>
          kernel.db.query(
            `update simulation.served_runs set started_at = coalesce(started_at, now()), turn = $2::int, max_turns = $3,
               resumed_from_turn = case when resumed_from_run is null then null else $2::int end
              where run_id = $1 and process_id = $4`,
            [run.runId, message.turn, message.maxTurns, kernel.processId],
          ),
        )
        return
      case 'turn':
        run.turn = message.turn
        return
      case 'operated':
        return void untilDatabase(() => storeOutcome(message.id, message.outcome))
      case 'ended': {
        const { status, turn, terminationReason, error = null } = message
        return void finish(run, { status, turn, terminationReason, error })
      }
      case 'refused': {
        const { message: text } = message.refusal
        return void finish(run, {
          status: 'failed',
          terminationReason: 'error',
          error: { type: 'ConfigurationError', message: text },
        })
      }
      case 'llm':
        return void answerModel(kernel, message.question, run.kernelRunId).then((reply) =>
          run.child.send({ type: 'llm-reply', id: message.id, reply }),
        )
      case 'validated':
        return
    }
  }

  const storeOutcome = (id: string, outcome: OperationOutcome) =>
    kernel.db.query('update simulation.agent_operations set outcome = $2 where id = $1 and outcome is null', [
      id,
      JSON.stringify(outcome),
    ])

  const onExit = async (run: Held, code: number | null, lastLines: string) => {
    if (run.ended || stopped) return
    run.ended = true
    held.delete(run.runId)
    kernel.log.warn(
      { run_id: run.runId, code, output: lastLines.slice(-1000) },
      'the process of a simulation ended without a result',
    )
    await untilDatabase(() =>
      crash(run.runId, `The process ended with code ${code}${lastLines ? `: ${lastLines.slice(-300)}` : ''}`),
    )
    wake()
  }

  const crash = (runId: string, message: string) =>
    kernel.db.transaction(async (tx) => {
      const row = await lockRow(tx, runId)
      if (row.ended_at !== null) return
      const next = await continueAfterCrash(tx, ctx(), row, message)
      kernel.log.info({ run_id: runId, continued_as: next ?? null }, 'a lost simulation was taken up')
    })

  /** Repeats while the database is away or full: what a child told must not be forgotten. */
  const untilDatabase = async (work: () => Promise<unknown>): Promise<void> => {
    for (;;) {
      try {
        await work()
        return
      } catch (error) {
        if ((!isConnectionError(error) && !isStoreAway(error)) || stopped) {
          kernel.log.error({ error: messageOf(error) }, 'a change of a served simulation could not be stored')
          return
        }
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }

  /** Renews the leases of what is held; a run that is no longer ours is dropped at once. */
  const renew = async () => {
    if (held.size === 0) return
    const runs = [...held.values()].filter(({ ended }) => !ended)
    const { rows } = await kernel.db.query(
      `update simulation.served_runs as r set lease_until = now() + ${LEASE}, turn = greatest(r.turn, g.turn)
         from unnest($1::text[], $2::int[]) as g(run_id, turn)
        where r.run_id = g.run_id and r.process_id = $3 and r.ended_at is null returning r.run_id, r.status`,
      [runs.map(({ runId }) => runId), runs.map(({ turn }) => turn), kernel.processId],
    )
    const statuses = new Map(rows.map((row) => [row['run_id'] as string, row['status'] as ServedStatus]))
    for (const run of runs) {
      const status = statuses.get(run.runId)
      if (status) obey(run, status)
      else if (!run.ended) {
        run.ended = true
        held.delete(run.runId)
        run.child.process.kill('SIGKILL')
      }
    }
  }

  const obey = (run: Held, status: ServedStatus) => {
    if (status === run.told || !(status === 'running' || status === 'paused' || status === 'stopping')) return
    run.child.send({ type: status === 'running' ? 'resume' : status === 'paused' ? 'pause' : 'stop' })
    run.told = status
  }

  const handOperations = async () => {
    if (held.size === 0) return
    const { rows } = await kernel.db.query(
      'select id, run_id, operation from simulation.agent_operations where run_id = any ($1) and outcome is null order by created_at, id',
      [[...held.keys()]],
    )
    for (const row of rows) {
      const run = held.get(row['run_id'])
      if (!run?.started || run.operations.has(row['id'])) continue
      run.operations.add(row['id'])
      run.child.send({ type: 'operate', id: row['id'], operation: row['operation'] })
    }
  }

  /**
   * Goes on with runs whose lease ran out: their process, or its host, is lost. So is a claim of this process that it does not hold: the answer to it
   * was lost with the connection. Right after an outage, or when the clock was set, leases say nothing until their holders have renewed them.
   */
  const adopt = async () => {
    const lost = `ended_at is null and status <> 'queued' and (${TAKEN} or ($2 and ${LATE}) or (process_id = $3 and not run_id = any ($4)))`
    const seen = await kernel.db.query(
      `select extract(epoch from now())::float8 * 1000 as now, array(select run_id from simulation.served_runs r where output_root = $1 and ${lost}) as lost`,
      [outputRootOf(kernel), true, kernel.processId, [...held.keys()]],
    )
    silence.heard(seen.rows[0]!['now'])
    for (const runId of seen.rows[0]!['lost'] as string[])
      await kernel.db.transaction(async (tx) => {
        const { rows: locked } = await tx.query(
          `select * from simulation.served_runs r where run_id = $1 and ${lost} for update skip locked`,
          [runId, silence.counts, kernel.processId, [...held.keys()]],
        )
        if (locked[0])
          await continueAfterCrash(tx, ctx(), locked[0] as ServedRow, 'The process that held the run is lost')
      })
  }

  /** The next queued run in order of arrival, while this host has room; a paused run takes none. */
  const claim = () =>
    kernel.db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`simulation:${host}`])
      const { rows } = await tx.query(
        `update simulation.served_runs
            set status = case when start_paused then 'paused' else 'running' end, process_id = $1, host = $2, lease_until = now() + ${LEASE}
          where run_id = (
            select run_id from simulation.served_runs where status = 'queued' and output_root = $3
             order by created_at, run_id for update skip locked limit 1)
            and (select count(*) from simulation.served_runs where host = $2 and status in ('running', 'stopping') and lease_until > now()) < $4
         returning *`,
        [kernel.processId, host, outputRootOf(kernel), most],
      )
      return rows[0] as ServedRow | undefined
    })

  const launch = (row: ServedRow) => {
    const run: Held = {
      child: undefined as unknown as RunChild,
      runId: row.run_id,
      kernelRunId: row.kernel_run_id,
      turn: row.turn,
      told: row.status === 'paused' ? 'paused' : 'running',
      started: false,
      ended: false,
      operations: new Set(),
    }
    run.child = forkChild(
      env,
      (message) => onMessage(run, message),
      (code, lastLines) => void onExit(run, code, lastLines),
    )
    held.set(row.run_id, run)
    run.child.send({
      type: 'run',
      spec: specOf(kernel, env, row.source!, row.overrides),
      runId: row.run_id,
      startPaused: row.start_paused,
    })
  }

  const claimAll = async () => {
    // A folder this host cannot see belongs to another: without the output root nothing is claimed here.
    if (!fs.existsSync(outputRootOf(kernel))) return
    for (let row = await claim(); row && !stopped; row = await claim()) {
      if (fs.existsSync(path.join(row.output_root, row.run_id))) launch(row)
      else
        await end(row.run_id, {
          status: 'failed',
          terminationReason: 'error',
          error: { type: 'RunFolderMissing', message: 'The folder of the run has gone' },
        })
    }
  }

  const pass = async () => {
    await renew()
    await handOperations()
    await adopt()
    await claimAll()
  }

  const work = () => {
    if (stopped || working) {
      again = true
      return
    }
    again = false
    working = pass()
      .catch((error: unknown) => {
        if (!isConnectionError(error))
          kernel.log.error({ error: messageOf(error) }, 'supervising simulations failed, trying again')
      })
      .finally(() => {
        working = undefined
        if (again && !stopped) work()
      })
  }
  const wake = () => work()

  const timer = setInterval(work, TICK_MS)
  const off = kernel.notifier.on(TOPIC, wake)
  work()

  return {
    /** Lets the children finish their turn and gives the leases back: whoever is left, or the next start, goes on at once. */
    async stop() {
      clearInterval(timer)
      off()
      await working
      stopped = true
      const runs = [...held.values()]
      for (const { child } of runs) child.send({ type: 'park' })
      await Promise.all(runs.map(({ child }) => leave(child, PARK_MS)))
      if (runs.length === 0) return
      await kernel.db.query(
        `update simulation.served_runs set lease_until = '-infinity', turn = greatest(turn, g.turn) from unnest($1::text[], $2::int[]) as g(id, turn) where run_id = g.id and process_id = $3 and ended_at is null`,
        [runs.map(({ runId }) => runId), runs.map(({ turn }) => turn), kernel.processId],
      )
    },
  }
}

/** Waits for a child to exit; ends it when it takes too long. */
function leave({ process: child }: RunChild, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.on('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
