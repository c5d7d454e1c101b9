import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emitAll, type NewEvent } from '../../kernel/events/emit.ts'
import type { EventLevel } from '../../kernel/events/schema.ts'
import { writeAudit } from '../audit/write-audit.ts'
import { checkpointData, checkpointStep } from '../engine/checkpoints.ts'
import { deriveId } from '../engine/derive-id.ts'
import type { EngineEvent, EngineState, Transition } from '../engine/engine-state.ts'
import { readyTasks } from '../engine/task-graph.ts'
import { countWorkflowEvents } from '../metrics/count-events.ts'
import { tellServices } from '../outside/tell-services.ts'
import { presentWorkflow } from '../present-workflow.ts'
import { mirrorRun } from '../runs/mirror-run.ts'
import { sign } from '../secret-key.ts'
import { type Outcome, recordOutcomes, writeAgentLoad } from './agent-load.ts'
import { remember, type StoredWorkflow, signedText } from './load-state.ts'
import { writeDecisions } from './write-decisions.ts'
import { writeProjectStatus } from './write-project-status.ts'
import { writeArtifacts, writeTasks } from './write-rows.ts'

export const workflowStream = (id: string) => `movies.workflow:${id}`
export const AGENT_STREAM = 'movies.agents'

export type SaveOptions = {
  /** A decision that the kernel has answered in this very transaction. */
  answered?: string
  outcomes?: readonly Outcome[]
  /** Written with the row of these tasks as they start: who executes them. */
  claim?: { executor: string; claim: string; taskIds: readonly string[] }
  /** Name of the checkpoint; default: one is made when a task was completed or the state changed. */
  checkpoint?: string
}

const NEVER = '9999-12-31T23:59:59.999Z'

/**
 * Writes what a transition has changed, all of it in the caller's transaction: the workflow with version and signature,
 * its tasks and artifacts, the load of agents, decisions, events, checkpoint, project status, audit. Nothing is written
 * when nothing happened. The caller holds the row lock of the workflow.
 */
export async function saveState(
  tx: Tx,
  ctx: Ctx,
  stored: StoredWorkflow,
  { state, events }: Transition,
  options: SaveOptions = {},
): Promise<StoredWorkflow> {
  const before = stored.state
  const version = stored.version + 1
  const { tasks: _tasks, artifacts: _artifacts, ...engine } = state
  const text = JSON.stringify(engine)
  const now = new Date(ctx.kernel.clock.now())
  const told = events.filter((event) => isTold(event, stored.progressToldAt, now, state))
  const toldProgress = told.some((event) => event.type === 'workflow.progress_updated')
  await writeWorkflow(tx, ctx, stored, state, version, text, toldProgress, told.length > 0)
  await writeAgentLoad(tx, before.tasks, state.tasks)
  // Waiting for a retry is a matter of the clock, so it does not change whether a task is ready.
  const ready = new Set(readyTasks(state, NEVER).map((t) => t.task_id))
  await writeTasks(tx, state, before.tasks, stored.ready, ready)
  if (options.claim) await writeClaim(tx, state, options.claim)
  await writeArtifacts(ctx.kernel, tx, state, before.artifacts)
  const offline = await recordOutcomes(tx, options.outcomes ?? [])
  await emitAll(tx, { ...ctx, correlationId: stored.correlationId }, [
    ...told.map((event) => toEvent(state, stored.runId, event)),
    ...offline.map(({ agentId, from }) => offlineEvent(agentId, from)),
  ])
  await writeDecisions(tx, ctx, stored, state, options.answered)
  await writeCheckpoint(tx, state, told, version, options.checkpoint)
  if (before.status !== state.status) {
    await writeProjectStatus(tx, state)
    await mirrorRun(tx, ctx, stored.runId, before.status, state)
  }
  if (before.progress !== state.progress && stored.runId)
    await tx.query('update kernel.runs set progress = $2 where id = $1', [stored.runId, state.progress])
  await auditChanges(tx, ctx, before, state)
  await tellServices(tx, ctx, before, state, told)
  const saved: StoredWorkflow = {
    ...stored,
    state,
    version,
    ready,
    progressToldAt: toldProgress ? now : stored.progressToldAt,
    tampered: false,
  }
  tx.afterCommit(() => {
    remember(ctx.kernel, saved)
    countWorkflowEvents(ctx.kernel, before, state, events, options.outcomes ?? [])
    ctx.kernel.notifier.touch('movies-workflows', state.workflow_id)
    if (ready.size > 0) ctx.kernel.notifier.touch('movies-tasks')
    if (state.status !== 'running') ctx.kernel.notifier.touch('movies-stop', state.workflow_id)
  })
  return saved
}

/** Progress is told at most once a second, and always at the end. */
function isTold(event: EngineEvent, toldAt: Date | null, now: Date, state: EngineState): boolean {
  if (event.type !== 'workflow.progress_updated') return true
  return toldAt === null || now.getTime() - toldAt.getTime() >= 1000 || state.status === 'completed'
}

async function writeWorkflow(
  tx: Tx,
  ctx: Ctx,
  stored: StoredWorkflow,
  s: EngineState,
  version: number,
  text: string,
  toldProgress: boolean,
  hasEvents: boolean,
) {
  const integrity = sign(ctx.kernel, 'workflow', signedText(s.workflow_id, version, text))
  const { rowCount } = await tx.query(
    {
      name: 'movies.workflows.update',
      text: `update movies.workflows set status = $3, queued = $4, priority = $5, current_state = $6, engine = $7, integrity = $8, version = $9, view = $10,
          progress_told_at = case when $11 then now() else progress_told_at end, last_event_at = case when $12 then now() else last_event_at end,
          updated_at = $13, completed_at = $14
        where workflow_id = $1 and version = $2`,
    },
    [
      s.workflow_id,
      stored.version,
      s.status,
      s.queued,
      s.priority,
      s.current_state,
      text,
      integrity,
      version,
      JSON.stringify(presentWorkflow(s, version, s.updated_at)),
      toldProgress,
      hasEvents,
      s.updated_at,
      s.completed_at,
    ],
  )
  if (rowCount !== 1)
    throw new AppError('CONFLICT', `Workflow ${s.workflow_id} was changed by somebody else: try again`, {
      workflow_id: s.workflow_id,
    })
}

const LEASE_MARGIN = "interval '60 seconds'"

async function writeClaim(tx: Tx, s: EngineState, claim: NonNullable<SaveOptions['claim']>) {
  await tx.query(
    `update movies.tasks set executor = $3, claim = $4, progress = 0,
        lease_until = now() + make_interval(secs => (data->>'timeout')::float8) + ${LEASE_MARGIN}
      where workflow_id = $1 and task_id = any ($2)`,
    [s.workflow_id, claim.taskIds, claim.executor, claim.claim],
  )
}

const LEVELS: Readonly<Record<string, EventLevel>> = {
  'workflow.created': 'MILESTONE',
  'workflow.status_changed': 'MILESTONE',
  'workflow.state_changed': 'MILESTONE',
  'workflow.decision_required': 'DECISION',
  'workflow.decision_resolved': 'DECISION',
  'workflow.progress_updated': 'STATE',
  'task.progress': 'DETAIL',
}

const toEvent = (s: EngineState, runId: string | null, event: EngineEvent): NewEvent => ({
  domain: 'movies',
  type: event.type,
  level: LEVELS[event.type] ?? 'ACTION',
  stream: workflowStream(s.workflow_id),
  ...(runId ? { runId } : {}),
  ...(typeof event.data['agent_id'] === 'string' ? { agentId: event.data['agent_id'] } : {}),
  summary: summaryOf(s, event),
  data: event.data,
})

function summaryOf(s: EngineState, { type, data }: EngineEvent): string {
  const what = type.replace(/^(workflow|task)\./, '').replaceAll('_', ' ')
  const about =
    data['task_type'] ??
    data['point'] ??
    data['name'] ??
    (data['to'] !== undefined ? `${data['from']} to ${data['to']}` : '')
  return `${s.title}: ${what}${about ? `, ${String(about).replaceAll('_', ' ')}` : ''}`
}

const offlineEvent = (agentId: string, from: string): NewEvent => ({
  domain: 'movies',
  type: 'agent.status_changed',
  stream: AGENT_STREAM,
  agentId,
  summary: `Agent ${agentId} is offline after too many errors in a row`,
  data: { agent_id: agentId, from, to: 'offline', reason: 'errors' },
})

const KEEP_CHECKPOINTS = 50
const WORTH = new Set(['task.completed', 'workflow.state_changed', 'workflow.created', 'workflow.decision_resolved'])

async function writeCheckpoint(tx: Tx, s: EngineState, events: EngineEvent[], version: number, name?: string) {
  if (name === undefined && !events.some((event) => WORTH.has(event.type))) return
  await tx.query(
    `insert into movies.checkpoints (checkpoint_id, workflow_id, state, step, data, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (checkpoint_id) do nothing`,
    [
      deriveId(s.workflow_id, 'checkpoint', version),
      s.workflow_id,
      s.current_state,
      name ?? checkpointStep(s),
      JSON.stringify(checkpointData(s)),
      s.updated_at,
    ],
  )
  await tx.query(
    `delete from movies.checkpoints where workflow_id = $1 and ordinal <= (
       select ordinal from movies.checkpoints where workflow_id = $1 order by ordinal desc offset ${KEEP_CHECKPOINTS} limit 1)`,
    [s.workflow_id],
  )
}

/** Status, state and decisions, whoever caused them. */
async function auditChanges(tx: Tx, ctx: Ctx, before: EngineState, after: EngineState) {
  const entity = { entityType: 'workflow', entityId: after.workflow_id }
  if (before.status !== after.status)
    await writeAudit(tx, ctx, {
      ...entity,
      action: 'workflow.status_changed',
      before: { status: before.status },
      after: { status: after.status },
    })
  if (before.current_state !== after.current_state)
    await writeAudit(tx, ctx, {
      ...entity,
      action: 'workflow.state_changed',
      before: { state: before.current_state },
      after: { state: after.current_state },
    })
  const known = new Map(before.decisions.map((d) => [d.decision_id, d]))
  for (const d of after.decisions)
    if (d.status === 'answered' && known.get(d.decision_id)?.status !== 'answered')
      await writeAudit(tx, ctx, {
        ...entity,
        action: 'decision.answered',
        before: { decision_id: d.decision_id, status: 'pending' },
        after: { decision_id: d.decision_id, choice: d.choice, feedback: d.feedback, automatic: d.automatic },
      })
}
