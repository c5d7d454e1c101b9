import { setTimeout as sleep } from 'node:timers/promises'
import { DBOS } from '@dbos-inc/dbos-sdk'
import { performAgent } from '../agents/perform.ts'
import type { Ctx } from '../context.ts'
import { isConnectionError, isStoreAway, type Tx } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import type { Run, RunState, StepOptions } from './flow.ts'
import { pausePoint } from './pause-point.ts'
import type { RunLimits } from './schema.ts'

/** The run ended, or another process owns it, while this stage worked: stop without a trace. */
export class RunOverError extends Error {
  override name = 'RunOverError'
  constructor(runId: string) {
    super(`run ${runId} is over or belongs to another process`)
  }
}

export type Begun = {
  state: RunState
  key: string | null
  correlationId: string
  causes: string[]
  owner: string
  /** Absent in stages that began before runs had limits. */
  limits?: RunLimits
}

const OUTAGE_DELAY_MS = [50, 100, 250, 500, 1_000]

/** Tries again for as long as the database is away or has no space left, at most every second: an outage never fails a run. */
export async function throughOutage<T>(kernel: Kernel, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isConnectionError(error) && !isStoreAway(error)) throw error
      kernel.log.warn({ error: (error as Error).message }, 'database away, waiting')
      await sleep(OUTAGE_DELAY_MS[Math.min(attempt, OUTAGE_DELAY_MS.length - 1)])
    }
  }
}

/**
 * One transaction with its `done` key: applied once however often it is called (R1). `after` says what the step looked like, for
 * the run viewer.
 */
export async function writeOnce<T>(kernel: Kernel, key: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  const result = await throughOutage(kernel, () =>
    kernel.db.transaction(async (tx) => {
      const inserted = await tx.query('insert into kernel.done (key) values ($1) on conflict do nothing', [key])
      if (inserted.rowCount === 0) {
        const { rows } = await tx.query('select result from kernel.done where key = $1', [key])
        return rows[0]?.['result'] as T
      }
      const value = await fn(tx)
      const json = JSON.stringify(value ?? null)
      await tx.query('update kernel.done set result = $2 where key = $1', [key, json])
      return JSON.parse(json) as T
    }),
  )
  await pausePoint('write-committed', key)
  return result
}

/** Throws when the run is no longer at this stage. Locks the row, so a cancel waits for the write or the write sees the cancel. */
export async function assertAtStage(tx: Tx, runId: string, stageNo: number): Promise<void> {
  const { rows } = await tx.query(
    'select 1 from kernel.runs where id = $1 and stage_no = $2 and cancelled_at is null and finished_at is null for share',
    [runId, stageNo],
  )
  if (rows.length === 0) throw new RunOverError(runId)
}

const RECORD_STEP = `insert into kernel.run_steps (run_id, stage_no, stage, step, kind, status, attempts, agent_id, input, output, error, started_at, finished_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now())
  on conflict (run_id, stage_no, step) do update set status = excluded.status, attempts = excluded.attempts, output = excluded.output, error = excluded.error, finished_at = now()
  where run_steps.status <> 'completed'`

const MAX_SHOWN = 100_000
/** What the viewer shows of a value; a large one is named, not copied. */
const shown = (value: unknown): string | null => {
  if (value === undefined) return null
  const json = JSON.stringify(value)
  return json === undefined
    ? null
    : json.length > MAX_SHOWN
      ? JSON.stringify({ omitted: true, bytes: json.length })
      : json
}

export function makeRun(
  kernel: Kernel,
  id: string,
  stage: string,
  stageNo: number,
  begun: Begun,
  signal: AbortSignal,
): Run {
  const ctx: Ctx = {
    kernel,
    actor: { kind: 'system', id: 'system', roles: ['Admin'], scopes: ['*'], projects: ['*'] },
    correlationId: begun.correlationId,
    causes: begun.causes,
    runId: id,
  }
  let state = begun.state
  const names = new Set<string>()
  const claim = (name: string) => {
    if (names.has(name))
      throw new Error(`step name "${name}" is used twice in stage ${stage}: names must be unique within a stage`)
    names.add(name)
    if (signal.aborted) throw new RunOverError(id)
    return `${id}:${stageNo}:${name}`
  }
  const record = (
    tx: { query: Tx['query'] },
    name: string,
    kind: string,
    status: string,
    attempts: number,
    started: Date,
    options: StepOptions,
    output: unknown,
    error?: Error,
  ) =>
    tx.query(RECORD_STEP, [
      id,
      stageNo,
      stage,
      name,
      kind,
      status,
      attempts,
      options.agentId ?? null,
      shown(options.input),
      shown(output),
      error ? JSON.stringify({ message: kernel.mask(error.message) }) : null,
      started,
    ])

  /** A step may use the store beside its effect: while that is away it is tried again under its key, which is no attempt of its own. */
  const throughStoreOutage = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      try {
        return await work()
      } catch (error) {
        if (!isStoreAway(error) || signal.aborted) throw error
        kernel.log.warn({ error: (error as Error).message }, 'database away, waiting')
        await sleep(OUTAGE_DELAY_MS[Math.min(tries, OUTAGE_DELAY_MS.length - 1)])
      }
    }
  }

  const run: Run = {
    id,
    key: begun.key,
    stage,
    stageNo,
    ctx,
    signal,
    get state() {
      return state
    },
    async step(name, fn, options = {}) {
      const key = claim(name)
      let [attempt, started] = [1, new Date()]
      const note = (status: 'completed' | 'failed', value: unknown, error?: Error) =>
        throughOutage(kernel, () =>
          record(
            kernel.db,
            name,
            options.agentId ? 'perform' : 'step',
            status,
            attempt,
            started,
            options,
            value,
            error,
          ),
        )
      const value = await DBOS.runStep(
        async () => {
          started = new Date()
          for (attempt = 1; ; attempt++) {
            if (signal.aborted) throw new RunOverError(id)
            try {
              return await throughStoreOutage(() => fn(key, signal))
            } catch (error) {
              if (error instanceof RunOverError || signal.aborted || attempt > (options.retries ?? 0)) {
                await note('failed', undefined, error as Error)
                throw error
              }
              await sleep(Math.min(30_000, 500 * 2 ** (attempt - 1)))
            }
          }
        },
        { name },
      )
      // After the engine's record, whose commit does not wait for the disk: this one does, and takes that one with it.
      await note('completed', value)
      await pausePoint('step-done', key)
      return value
    },
    write(name, fn) {
      const key = claim(name)
      return DBOS.runStep(
        () => {
          const started = new Date()
          return writeOnce(kernel, key, async (tx) => {
            await assertAtStage(tx, id, stageNo)
            const value = await fn(tx, ctx)
            await record(tx, name, 'write', 'completed', 1, started, {}, value)
            return value
          })
        },
        { name },
      )
    },
    perform(name, agent, input, options) {
      return run.step(name, (_key, stop) => performAgent(ctx, agent, input, { ...options, signal: stop }), {
        agentId: agent.id,
        input,
      })
    },
    async checkpoint(name, patch, progress) {
      state = { ...state, ...patch }
      await run.write(name, async (tx) => {
        await tx.query(
          'update kernel.runs set state = state || $2::jsonb, progress = coalesce($3, progress), updated_at = now() where id = $1',
          [id, JSON.stringify(patch), progress ?? null],
        )
        tx.afterCommit(() => kernel.notifier.touch('runs', id))
      })
    },
  }
  return run
}
