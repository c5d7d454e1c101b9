import { type Ctx, systemCtx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { throughOutage } from '../../kernel/runs/make-run.ts'
import { withinRun } from '../../kernel/runs/run-limits.ts'
import { buildInput } from '../agents/build-input.ts'
import type { ClaimedTask } from '../dispatch/dispatcher.ts'
import { serviceBack } from '../engine/control-inputs.ts'
import type { EngineState, EngineTask } from '../engine/engine-state.ts'
import { completeTask, failTask, type RetryPolicy, releaseTask, type TaskError } from '../engine/task-inputs.ts'
import { transition } from '../engine/transition.ts'
import { patchTask, set, type Work } from '../engine/work.ts'
import { knowledgeFor } from '../outside/knowledge-for.ts'
import { isDraft } from '../present-workflow.ts'
import { type AgentRow, findAgent } from '../registry/agent-store.ts'
import type { Outcome } from '../store/agent-load.ts'
import { loadState } from '../store/load-state.ts'
import { saveState, workflowStream } from '../store/save-state.ts'
import { nowOf } from '../workflow/change-workflow.ts'
import { deliveryAuditId, runDistribution } from './run-distribution.ts'
import { addDesignImages, isMediaTask, type MediaHooks, type ProducedFile, runMedia } from './run-media.ts'
import { runRemote } from './run-remote.ts'
import { runText } from './run-text.ts'
import { TaskFailure } from './task-failure.ts'

export const retryPolicy = (kernel: Kernel): RetryPolicy => ({
  delaySeconds: kernel.config.movies.retryDelaySeconds,
  random: Math.random(),
  agentRetries: kernel.config.movies.agentRetries,
})

/**
 * Does a claimed task and takes the result, or what went wrong, into its workflow. The result counts only while the claim is
 * the task's: after a lease has ended, a reset or a cancel, it changes nothing. While the database is away the result is kept; only a
 * process that stops meanwhile throws.
 */
export async function executeTask(kernel: Kernel, claimed: ClaimedTask, signal: AbortSignal): Promise<void> {
  const stored = await throughOutage(kernel, () => loadState(kernel, kernel.db, claimed.workflowId))
  const task = stored?.state.tasks.find((t) => t.task_id === claimed.taskId)
  if (!stored || task?.status !== 'running') return
  const ctx = systemCtx(kernel, {
    correlationId: stored.correlationId,
    ...(stored.runId ? { runId: stored.runId } : {}),
  })
  const started = kernel.clock.now()
  const seconds = () => (kernel.clock.now() - started) / 1000
  try {
    const produced = await withinRun(kernel, stored.runId, () =>
      perform(ctx, stored.state, task, claimed, withTimeout(task, signal)),
    )
    await finish(
      ctx,
      claimed,
      (w) => take(w, task, produced),
      outcomeOf(claimed, true, seconds(), produced.quality_score, null),
      task,
      signal,
    )
  } catch (error) {
    if (signal.aborted) return giveBack(ctx, claimed)
    const failure = toTaskError(kernel, task, error)
    const counted = failure.category !== 'outage' && failure.category !== 'agent_lost'
    await finish(
      ctx,
      claimed,
      (w) => {
        failTask(w, task.task_id, failure, retryPolicy(kernel))
        if (failure.category === 'outage') waitForService(w, kernel, task.task_id)
      },
      counted ? outcomeOf(claimed, false, seconds(), null, failure.type) : null,
      task,
      signal,
    )
  }
}

const withTimeout = (task: EngineTask, signal: AbortSignal) =>
  AbortSignal.any([signal, AbortSignal.timeout(task.timeout * 1000)])

const outcomeOf = (
  c: ClaimedTask,
  ok: boolean,
  seconds: number,
  quality: number | null,
  errorType: string | null,
): Outcome => ({
  agentId: c.agentId,
  ok,
  seconds,
  quality,
  errorType,
})

function toTaskError(kernel: Kernel, task: EngineTask, error: unknown): TaskError {
  if (error instanceof TaskFailure)
    return { type: error.type, category: error.category, message: kernel.mask(error.message) }
  const { name, message } = error as Error
  if (name === 'TimeoutError')
    return { type: 'TIMEOUT', category: 'transient', message: `${task.name} did not end within ${task.timeout} s` }
  kernel.log.warn({ task_id: task.task_id, error: (error as Error).stack }, 'movie task failed unexpectedly')
  return { type: 'AGENT_ERROR', category: 'transient', message: kernel.mask(message) }
}

async function perform(
  ctx: Ctx,
  s: EngineState,
  task: EngineTask,
  claimed: ClaimedTask,
  signal: AbortSignal,
): Promise<ProducedFile> {
  const { kernel } = ctx
  const agent = await findAgent(kernel.db, claimed.agentId)
  const { items, warnings } = await knowledgeFor(ctx, s, task, agent)
  const input = buildInput(s, task, nowOf(ctx), items, isDraft(s))
  const hooks = hooksFor(ctx, s, task, claimed, signal)
  const produced = await byAgent(kernel, agent, s, task, input, hooks)
  signal.throwIfAborted()
  return { ...produced, warnings: [...warnings, ...produced.warnings] }
}

async function byAgent(
  kernel: Kernel,
  agent: AgentRow,
  s: EngineState,
  task: EngineTask,
  input: ReturnType<typeof buildInput>,
  hooks: MediaHooks,
): Promise<ProducedFile> {
  const placeholder = task.input['placeholder'] === true
  if (agent.transport !== 'builtin' && !placeholder)
    return { ...(await runRemote(kernel, agent, task, input, hooks.correlationId, hooks.signal)), file: null }
  if (task.task_type === 'distribution') return { ...runDistribution(kernel, s, task, kernel.clock.now()), file: null }
  if (isMediaTask(task)) return runMedia(kernel, s, task, input, hooks)
  const text = await runText(kernel, task, input, hooks.signal)
  return addDesignImages(kernel, s, task, input, text, hooks)
}

const PROGRESS_MS = 1000

function hooksFor(ctx: Ctx, s: EngineState, task: EngineTask, claimed: ClaimedTask, signal: AbortSignal): MediaHooks {
  let told = 0
  return {
    correlationId: ctx.correlationId,
    agentId: claimed.agentId,
    signal,
    // Kept before anything is waited for: after a restart the job is taken up again instead of submitted twice.
    onSubmitted: async (externalJobId) => {
      const note = (w: Work) => void patchTask(w, task.task_id, { external_job_id: externalJobId })
      await finish(ctx, claimed, note, null, task, signal)
    },
    onProgress(progress, step) {
      const now = Date.now()
      if (now - told < PROGRESS_MS) return
      told = now
      tellProgress(ctx, s, task, claimed, progress, step).catch((error: Error) =>
        ctx.kernel.log.debug({ error: error.message }, 'progress of a movie task was not told'),
      )
    },
  }
}

const tellProgress = (
  ctx: Ctx,
  s: EngineState,
  task: EngineTask,
  claimed: ClaimedTask,
  progress: number,
  step?: string,
) =>
  ctx.kernel.db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update movies.tasks set progress = $3 where task_id = $1 and claim = $2 and status = 'running'`,
      [task.task_id, claimed.claim, Math.min(1, Math.max(0, progress))],
    )
    if (rowCount === 0) return
    await emit(tx, ctx, {
      domain: 'movies',
      type: 'task.progress',
      level: 'DETAIL',
      stream: workflowStream(s.workflow_id),
      agentId: claimed.agentId,
      summary: `${s.title}: ${task.name} ${Math.round(progress * 100)} %`,
      data: {
        task_id: task.task_id,
        task_type: task.task_type,
        agent_id: claimed.agentId,
        progress,
        ...(step ? { current_step: step } : {}),
      },
    })
  })

/** Applies an input under the row lock while the claim still is the task's: once, however often the database went away meanwhile. */
async function finish(
  ctx: Ctx,
  claimed: ClaimedTask,
  input: (w: Work) => void,
  outcome: Outcome | null,
  task: EngineTask,
  signal: AbortSignal,
) {
  let tried = false
  await throughOutage(ctx.kernel, () => {
    if (tried && signal.aborted) throw new Error('stopped while the database was away')
    tried = true
    return write()
  })
  async function write() {
    await ctx.kernel.db.transaction(async (tx) => {
      const stored = await loadState(ctx.kernel, tx, claimed.workflowId, 'wait').catch((error: { code?: string }) => {
        if (error.code === 'WORKFLOW_NOT_FOUND') return null // purged meanwhile
        throw error
      })
      if (!stored || !(await holdsClaim(tx, claimed))) return
      const moved = transition(stored.state, nowOf(ctx), input)
      await saveState(tx, ctx, stored, moved, outcome ? { outcomes: [outcome] } : {})
      if (outcome?.ok && task.task_type === 'distribution') await auditDelivery(tx, ctx, task)
    })
  }
}

const holdsClaim = async (tx: Tx, claimed: ClaimedTask): Promise<boolean> => {
  const { rows } = await tx.query(
    `select 1 from movies.tasks where task_id = $1 and claim = $2 and status = 'running'`,
    [claimed.taskId, claimed.claim],
  )
  return rows.length > 0
}

function take(w: Work, task: EngineTask, produced: ProducedFile) {
  const outline = task.produces === 'episode_outline' ? produced.content['scene_list'] : undefined
  completeTask(w, task.task_id, {
    content: produced.content,
    also: outline ? [{ name: 'scene_list', content: outline as Record<string, unknown> }] : [],
    file: produced.file,
    draft: produced.draft,
    generated_by: produced.generated_by,
    quality_score: produced.quality_score,
    resource_usage: produced.resource_usage,
    warnings: produced.warnings,
  })
  if (produced.generated_by === 'task_service') serviceBack(w, TASK_SERVICE)
}

export const TASK_SERVICE = 'task_service'
const OUTAGE_RETRY_SECONDS = 10

/** The task waits for the service; it looks again by itself, and at once when the service is back. */
function waitForService(w: Work, kernel: Kernel, taskId: string) {
  const delay = Math.min(OUTAGE_RETRY_SECONDS, Math.max(0.1, kernel.config.movies.retryDelaySeconds))
  patchTask(w, taskId, { next_retry_at: new Date(Date.parse(w.now) + delay * 1000).toISOString() })
  set(w, {
    waiting_on: [...new Set([...w.s.waiting_on, TASK_SERVICE])],
    outage_since: w.s.outage_since ?? w.now,
  })
}

/** The process stops or the work is no longer wanted: somebody else may take the task, without counting a try. */
const giveBack = (ctx: Ctx, claimed: ClaimedTask) =>
  ctx.kernel.db.transaction(async (tx) => {
    const stored = await loadState(ctx.kernel, tx, claimed.workflowId, 'wait').catch(() => null)
    if (!stored || !(await holdsClaim(tx, claimed))) return
    await saveState(
      tx,
      ctx,
      stored,
      transition(stored.state, nowOf(ctx), (w) => void releaseTask(w, claimed.taskId)),
    )
  })

/** What was delivered, where, under the id that the distribution record names. */
async function auditDelivery(tx: Tx, ctx: Ctx, task: EngineTask) {
  await tx.query(
    `insert into movies.audit (id, actor, action, entity_type, entity_id, after, correlation_id)
     select $1, 'system', 'film.delivered', 'workflow', a.workflow_id::text, a.content, $3 from movies.artifacts a
      where a.name = 'distribution_record' and a.data->>'task_id' = $2::text on conflict do nothing`,
    [deliveryAuditId(task), task.task_id, ctx.correlationId],
  )
}
