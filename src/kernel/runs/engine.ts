// Runs stages on DBOS. A run is a row; a stage is one short DBOS workflow with id `runId:n`. This file registers the stages,
// starts due ones and sweeps for what was missed; liveness and take-over are in liveness.ts.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { DBOS, Error as DbosErrors } from '@dbos-inc/dbos-sdk'
import { dbRetryConfig } from '@dbos-inc/dbos-sdk/internal/utils'
import { systemCtx } from '../context.ts'
import { isConnectionError, openDb } from '../db/database.ts'
import { type DueRun, onDue, release } from '../db/holds.ts'
import { sweepDeadlines } from '../decisions/sweep-deadlines.ts'
import { AppError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import { runScope } from '../models/run-scope.ts'
import { endStage } from './end-stage.ts'
import type { Outcome, Run, RunError, Stage } from './flow.ts'
import { allFlows } from './flows.ts'
import { type Liveness, startLiveness } from './liveness.ts'
import { assertAtStage, type Begun, makeRun, RunOverError, throughOutage, writeOnce } from './make-run.ts'
import { pausePoint } from './pause-point.ts'
import { scopeOfRun } from './run-limits.ts'

const SWEEP_MS = 1_000
const LAUNCH_LOCK = 7_310_002
const LAUNCH_RETRY_MS = 50
const SWEEP_BATCH = 500
/** Every 5th sweep looks for stages the engine lost with a crash of PostgreSQL, which are rare; so does the first. */
const LOST_EVERY = 5
/** A due run younger than this is being started by the process that made it due. */
const GRACE = "interval '400 milliseconds'"
/** Finished stages and their `done` keys are needed for replay only while the stage is in flight. */
const KEEP_DONE = "interval '7 days'"

/** Begun by our row, unknown to the engine: its record was among the last commits before PostgreSQL crashed. */
const LOST = `
  select r.id, r.kind, r.stage, r.stage_no from kernel.runs r
    join kernel.run_steps s on s.run_id = r.id and s.stage_no = r.stage_no and s.kind = 'stage' and s.status = 'running'
   where r.status = 'running' and not r.due and r.finished_at is null
     and not exists (select 1 from dbos.workflow_status w where w.workflow_uuid = r.id || ':' || r.stage_no)
   limit ${SWEEP_BATCH}`

export type EngineOptions = {
  kernel: Kernel
  databaseUrl: string
  /** Asked for each new connection, where the password is a token that ends. */
  password?: () => Promise<string>
  role: string
  poolSize?: number
  /** Ends the process's part in the engine when its row was taken over; default: restart with a new id. */
  onTaken?: () => void
}

export type Engine = {
  readonly running: boolean
  readonly executorId: string
  stop(): Promise<void>
}

/** Runs in progress here, to abort them when they are cancelled or given up. */
const inFlight = new Map<string, AbortController>()

const stageWorkflows = new Map<string, StageWorkflow>()
let active: { kernel: Kernel } | undefined

function errorOf(kernel: Kernel, error: unknown): RunError {
  if (error instanceof AppError)
    return { code: error.code, message: kernel.mask(error.message), details: error.details }
  return { code: 'INTERNAL', message: kernel.mask((error as Error)?.message ?? String(error)) }
}

/** DBOS speaks through errors of its own: a fenced or cancelled execution must end as it says. */
function isEngineError(error: unknown): boolean {
  return (
    error instanceof DbosErrors.DBOSWorkflowConflictError ||
    error instanceof DbosErrors.DBOSWorkflowCancelledError ||
    error instanceof DbosErrors.DBOSUnexpectedStepError ||
    error instanceof DbosErrors.DBOSExecutorNotInitializedError
  )
}

const BEGIN = {
  name: 'kernel.runs.begin',
  text: `
  with taken as (
    update kernel.runs set due = false, status = 'running', started_at = coalesce(started_at, now()), waiting_since = null, updated_at = now()
     where id = $1 and stage_no = $2 and due and cancelled_at is null and finished_at is null
    returning state, key, stage, correlation_id, causes, owner, limits
  ), begun as (
    select json_build_object('state', state, 'key', key, 'correlationId', correlation_id, 'causes', causes, 'owner', owner, 'limits', limits) as begun from taken
  ), noted as (
    insert into kernel.done (key, result) select $3, begun from begun
  ), shown as (
    insert into kernel.run_steps (run_id, stage_no, stage, step, kind, status, input) select $1, $2, stage, '', 'stage', 'running', state from taken
    on conflict do nothing
  )
  select begun from begun`,
}

/** Takes the run for this stage; null when it is over, elsewhere or paused. Repeated, it answers as the first time. */
const begin = (kernel: Kernel, runId: string, stageNo: number): Promise<Begun | null> =>
  throughOutage(kernel, async () => {
    const key = `${runId}:${stageNo}:begin`
    const { rows } = await kernel.db.query(BEGIN, [runId, stageNo, key])
    if (rows[0]) {
      kernel.notifier.touch('runs', runId)
      return rows[0]['begun'] as Begun
    }
    const before = await kernel.db.query('select result from kernel.done where key = $1', [key])
    return (before.rows[0]?.['result'] as Begun | undefined) ?? null
  })

/** Writes how a stage ended; repeated, it changes nothing. */
async function end(kernel: Kernel, run: Run, outcome: Outcome): Promise<void> {
  const key = `${run.id}:${run.stageNo}`
  try {
    await writeOnce(kernel, `${key}:end`, (tx) => endStage(tx, run, outcome))
  } catch (error) {
    if (isConnectionError(error) || outcome.kind === 'failed') throw error
    // The end itself was refused (a bad plan, a failing hook): the run fails with that reason.
    await writeOnce(kernel, `${key}:end-failed`, async (tx) => {
      await assertAtStage(tx, run.id, run.stageNo)
      await endStage(tx, run, { kind: 'failed', error: errorOf(kernel, error) })
    })
  }
}

type StageWorkflow = (runId: string, stageNo: number) => Promise<void>
/** How `begin` and `end` are called: `done` remembers both, the engine need not. */
type Noted = <T>(name: string, work: () => Promise<T>) => Promise<T>
const byOurRows: Noted = (_name, work) => work()
/** Stages in flight of the first release have both among the engine's numbered steps, and go on that way. */
const byEngine: Noted = (name, work) => DBOS.runStep(work, { name })

function stageWorkflow(stageName: string, stage: Stage, noted: Noted): StageWorkflow {
  return async (runId, stageNo) => {
    const { kernel } = active ?? {}
    if (!kernel) throw new Error('the engine is not running')
    const begun = await noted('begin', () => begin(kernel, runId, stageNo))
    if (!begun) return
    await pausePoint('stage-begun', `${runId}:${stageNo}`)
    const controller = new AbortController()
    inFlight.set(runId, controller)
    const run = makeRun(kernel, runId, stageName, stageNo, begun, controller.signal)
    let outcome: Outcome
    try {
      outcome = await runScope.run(await throughOutage(kernel, () => scopeOfRun(kernel, runId, begun.limits)), () =>
        stage(run),
      )
    } catch (error) {
      if (isEngineError(error)) throw error
      if (error instanceof RunOverError || (error as Error)?.name === 'RunOverError') return
      kernel.log.warn({ run: runId, stage: stageName, error: (error as Error)?.stack }, 'stage failed')
      outcome = { kind: 'failed', error: errorOf(kernel, error) }
    } finally {
      if (inFlight.get(runId) === controller) inFlight.delete(runId)
    }
    await pausePoint('before-end', `${runId}:${stageNo}`)
    await noted('end', () => end(kernel, run, outcome))
    await pausePoint('stage-ended', `${runId}:${stageNo}`)
  }
}

const workflowName = (kind: string, stage: string) => `${kind}/${stage}#2`
const firstReleaseName = (kind: string, stage: string) => `${kind}/${stage}`

function registerStage(kind: string, stageName: string, stage: Stage): void {
  const name = workflowName(kind, stageName)
  if (stageWorkflows.has(name)) return
  stageWorkflows.set(name, DBOS.registerWorkflow(stageWorkflow(stageName, stage, byOurRows), { name }))
  const first = firstReleaseName(kind, stageName)
  DBOS.registerWorkflow(stageWorkflow(stageName, stage, byEngine), { name: first })
}

/** Registers every flow's stages, launches DBOS, starts liveness and sweeps. One engine per process. */
export async function startEngine({
  kernel,
  databaseUrl,
  password,
  role,
  poolSize = 6,
}: EngineOptions): Promise<Engine> {
  if (active) throw new Error('the engine runs already in this process')
  active = { kernel }
  dbRetryConfig.maxBackoffSec = 1 // DBOS backs off up to 60 s after an outage otherwise (E7)
  dbRetryConfig.initialBackoffSec = 0.2
  for (const flow of allFlows())
    for (const [name, stage] of Object.entries(flow.stages)) registerStage(flow.kind, name, stage)

  let ready = false
  const startStage = async (run: DueRun) => {
    const workflow = stageWorkflows.get(workflowName(run.kind, run.stage))
    if (!workflow) return // a stage of a newer release: a process that has it starts it
    try {
      await DBOS.startWorkflow(workflow, { workflowID: `${run.id}:${run.stageNo}` })(run.id, run.stageNo)
    } catch (error) {
      // The first release has started it under another name: recovery goes on with it.
      if (!(error instanceof DbosErrors.DBOSConflictingWorkflowError)) throw error
    }
  }
  const queue: DueRun[] = []
  let draining: Promise<void> | undefined
  const drain = async () => {
    while (queue.length > 0 && ready) {
      await Promise.all(queue.splice(0, 50).map(startStage))
    }
  }
  // A run often becomes due inside another stage's step; DBOS refuses to start a workflow from there. Start it from outside.
  const outside = AsyncLocalStorage.snapshot()
  const offDue = onDue((run) => {
    queue.push(run)
    // What fails here (the database went away) is found by the sweep.
    draining ??= outside(drain)
      .catch((error: Error) => kernel.log.debug({ error: error.message }, 'due run left to the sweep'))
      .finally(() => (draining = undefined))
  })
  const offOver = kernel.notifier.on('runs-over', (ids) => {
    for (const id of ids) inFlight.get(id)?.abort(new RunOverError(id))
  })

  // A pool of ours: the engine's own ends the process when a connection it holds is cut off between two statements, and with a URL
  // alone it would keep the password of its start. Its commits need not wait for the disk: what it notes of a stage or a write is
  // known by our rows, which are committed after it, or is found again by them (docs/decisions/0008-relaxed-engine-records.md).
  const { pool } = openDb({
    url: databaseUrl,
    ...(password ? { password } : {}),
    max: poolSize,
    applicationName: 'troupe-engine',
    statementTimeoutMs: 0,
    relaxedCommits: true,
    onError: (error) => kernel.log.warn({ error: error.message }, 'an engine connection was lost'),
  })
  const launch = async (executorId: string) => {
    DBOS.setConfig({
      name: 'troupe',
      systemDatabaseUrl: databaseUrl,
      systemDatabasePool: pool,
      applicationVersion: 'troupe',
      executorID: executorId,
      logger: quietLogger(kernel),
    })
    // Launching makes or migrates the engine's tables; processes that start at once would deadlock over them.
    const client = await kernel.db.connect()
    try {
      // Asked again and again: a statement that waits holds a snapshot, and an index built concurrently would wait for it in turn.
      while (!(await client.query('select pg_try_advisory_lock($1) as held', [LAUNCH_LOCK])).rows[0].held)
        await pause(LAUNCH_RETRY_MS)
      await DBOS.launch()
      await client.query('select pg_advisory_unlock($1)', [LAUNCH_LOCK])
      client.release()
    } catch (error) {
      client.release(true) // the lock goes with the connection
      throw error
    }
    ready = true
  }
  const liveness: Liveness = await startLiveness(kernel, role, launch, async () => {
    ready = false
    for (const [id, controller] of inFlight) controller.abort(new RunOverError(id))
    await DBOS.shutdown()
  })

  let stopped = false
  let alive = true
  let sweeping: Promise<void> | undefined
  let sweeps = 0
  const sweep = async () => {
    if (!ready) return
    const due = await kernel.db.query(
      `select id, kind, stage, stage_no from kernel.runs where due and updated_at not between now() - ${GRACE} and now() + ${GRACE} order by updated_at limit ${SWEEP_BATCH}`,
    )
    const lost = sweeps % LOST_EVERY === 0 ? (await kernel.db.query(LOST)).rows : []
    for (const row of [...due.rows, ...lost])
      await startStage({ id: row['id'], kind: row['kind'], stage: row['stage'], stageNo: row['stage_no'] })
    const timers = await kernel.db.query(
      `select id from kernel.runs where wake_at <= $1 and 'timer' = any (holds) limit ${SWEEP_BATCH}`,
      [new Date(kernel.clock.now())],
    )
    for (const row of timers.rows) await kernel.db.transaction((tx) => release(tx, row['id'], 'timer'))
    await sweepDeadlines(kernel)
  }
  const cleanUp = () =>
    kernel.db.query(
      `delete from kernel.done where key in (select key from kernel.done where at < now() - ${KEEP_DONE} limit 5000)`,
    )
  const look = () => {
    if (sweeping || stopped) return
    sweeping = sweep()
      .then(async () => {
        alive = true
        if (ready && ++sweeps % 3600 === 0) await cleanUp()
      })
      .catch((error: Error) => {
        alive = !isConnectionError(error)
        kernel.log.warn({ error: error.message }, 'sweep failed, trying again')
      })
      .finally(() => (sweeping = undefined))
  }
  const timer = setInterval(look, SWEEP_MS)
  look() // what became due while nobody was there

  return {
    get running() {
      return alive && ready && !stopped
    },
    get executorId() {
      return liveness.executorId
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      offDue()
      offOver()
      await sweeping
      await draining
      await liveness.stop()
      await pool.end()
      active = undefined
    },
  }
}

/** DBOS's own log, below ours: its warnings matter, its chatter does not. */
function quietLogger(kernel: Kernel) {
  const say = (level: 'debug' | 'warn' | 'error') => (entry: unknown) =>
    kernel.log[level]({ engine: true }, kernel.mask(entry instanceof Error ? entry.message : String(entry)))
  return { info: say('debug'), debug: () => undefined, warn: say('warn'), error: say('error') }
}

/** Stages in flight of numbers that this release still has, for `troupe doctor` (R5). */
export async function stagesInFlight(
  kernel: Kernel,
): Promise<{ kind: string; stage: string; count: number; known: boolean }[]> {
  const { rows } = await kernel.db.query(
    `select kind, stage, count(*)::int as count from kernel.runs where finished_at is null group by kind, stage order by kind, stage`,
  )
  return rows.map((row) => ({
    kind: row['kind'],
    stage: row['stage'],
    count: row['count'],
    known: stageWorkflows.has(workflowName(row['kind'], row['stage'])),
  }))
}

/** Releases a hold from outside a request, e.g. when a service is back. */
export const releaseHold = (kernel: Kernel, runId: string, hold: string): Promise<boolean> =>
  throughOutage(kernel, () => kernel.db.transaction((tx) => release(tx, runId, hold)))

export const engineCtx = (kernel: Kernel) => systemCtx(kernel)
