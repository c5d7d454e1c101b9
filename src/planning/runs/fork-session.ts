import type { Ctx } from '../../kernel/context.ts'
import type { Reader, Tx } from '../../kernel/db/database.ts'
import { emit } from '../../kernel/events/emit.ts'
import { parse } from '../../kernel/http/route.ts'
import type { Border, ForkEdit, RunRef } from '../../kernel/runs/flow.ts'
import { startRun } from '../../kernel/runs/start-run.ts'
import { displayNameOf } from '../agents/team.ts'
import { EventBriefPatch, InstructionLevel, InteractionMode, isoTime, LifecycleState } from '../schema.ts'
import { loadBoard, lockEvent } from '../store/load-board.ts'
import { openBody } from '../store/sealed.ts'
import { patchBody } from '../store/write-artifact.ts'
import { requireEventAccess } from '../verbs/access.ts'
import { patchEventIn, takeEventId } from '../verbs/event-briefs.ts'
import { copyEvent } from './copy-event.ts'
import { gatewayOf } from './perform-turn.ts'
import { sessionFlow } from './session-flow.ts'
import { addMessage, getSession, insertSession, newSessionId, type Session } from './session-store.ts'
import { type Choice, reworkSteps } from './steps.ts'

const BRIEF_FIELDS = [
  'title',
  'date_range_start',
  'date_range_end',
  'audience_size',
  'objectives',
  'constraints',
] as const
const SessionEdit = EventBriefPatch.partial()

const LABELS: { [K in Choice['kind']]: (choice: Extract<Choice, { kind: K }>) => string } = {
  turn: ({ step }) => `${displayNameOf(step.agent)}: ${step.task}`,
  'ask-fact': ({ fact }) => `ask for ${fact}`,
  transition: ({ target }) => `on to ${target}`,
  wait: () => 'wait for an approval',
  escalate: ({ name }) => `escalate ${name}`,
  finish: () => 'write the plan',
}
const labelOf = (choice: Choice): string => (LABELS[choice.kind] as (choice: Choice) => string)(choice)

type Chosen = { no: number; at: Date; choice: Choice }

/** The moves of a run that did something, in order. */
async function movesOf(db: Reader, runId: string): Promise<Chosen[]> {
  const { rows } = await db.query(
    `select s.stage_no, s.started_at, c.output from kernel.run_steps s join kernel.run_steps c on c.run_id = s.run_id and c.stage_no = s.stage_no and c.step = 'choose'
      where s.run_id = $1 and s.kind = 'stage' order by s.stage_no`,
    [runId],
  )
  return rows
    .map((row) => ({ no: row['stage_no'], at: row['started_at'], choice: row['output'] as Choice }))
    .filter(({ choice }) => choice?.kind in LABELS)
}

/** Before each move of the team: the event as it was then may be edited, and how the team works. */
export async function sessionBorders({ kernel, actor }: Ctx, { id, state }: RunRef): Promise<Border[]> {
  const session = await getSession(kernel.db, state['session_id'])
  const eventId = session.event_brief_id
  requireEventAccess(actor, await loadBoard(kernel.db, eventId, new Date(kernel.clock.now())))
  const { rows } = await kernel.db.query(
    `select body, created_at from planning.artifact_versions where artifact_type = 'EventBrief' and artifact_id = $1 order by version`,
    [eventId],
  )
  const moves = await movesOf(kernel.db, id)
  return moves.map(({ no, at, choice }) => {
    const version = rows.findLast((row) => row['created_at'] < at) ?? rows[0]!
    const brief = openBody(eventId, version['body'])
    return {
      no,
      label: labelOf(choice),
      at: at.toISOString(),
      input: {
        ...Object.fromEntries(BRIEF_FIELDS.map((field) => [field, brief[field]])),
        instruction_level: session.instruction_level,
        interaction_mode: session.interaction_mode,
        target_phase: session.target_phase,
      },
    }
  })
}

/** Steps that had been begun before a moment, in this run of the session or one before it. */
async function begunBefore(tx: Tx, sessionId: string, until: Date): Promise<Set<string>> {
  const { rows } = await tx.query(
    `select c.output -> 'step' ->> 'key' as key from kernel.run_steps c join kernel.runs r on r.id = c.run_id
      where r.kind = 'planning.session' and r.state ->> 'session_id' = $1 and c.step = 'choose' and c.started_at < $2 and c.output ->> 'kind' = 'turn'`,
    [sessionId, until],
  )
  return new Set(rows.map((row) => row['key'] as string))
}

const slugName = (name: string) =>
  name
    .replace(/ Agent$/, '')
    .toLowerCase()
    .replaceAll(' ', '-')

/**
 * A new event with everything the team had made before a move, and a new run of the team that goes on from there with the edited brief. What
 * the edit concerns is worked out again. Approvals that were open then are asked again. The old event stays as it is.
 */
export async function forkSession(ctx: Ctx, { id, state }: RunRef, border: Border, edit: ForkEdit): Promise<string> {
  const now = ctx.kernel.clock.now()
  const { instruction_level, interaction_mode, target_phase, ...fields } = edit.state
  const patch = parse(SessionEdit, fields)
  return ctx.kernel.db.transaction(async (tx) => {
    const old = await getSession(tx, state['session_id'])
    await lockEvent(tx, old.event_brief_id)
    const before = await loadBoard(tx, old.event_brief_id, new Date(now))
    requireEventAccess(ctx.actor, before)
    const { at: until, choice } = (await movesOf(tx, id)).find(({ no }) => no === border.no)!
    const title = (patch.title ?? `${before.brief.title} (fork)`).slice(0, 200)
    const eventId = await takeEventId(tx, title, new Date(now))
    await copyEvent(tx, ctx, { from: old.event_brief_id, to: eventId, until })
    await emit(tx, ctx, {
      domain: 'planning',
      type: 'event.created',
      level: 'MILESTONE',
      stream: `brief:${eventId}`,
      summary: `${title}: forked from ${before.brief.title} before “${border.label}”`,
      data: { event_brief_id: eventId, forked_from: old.event_brief_id },
    })
    await patchEventIn(tx, ctx, eventId, { ...patch, title })
    const level = InstructionLevel.parse(instruction_level ?? old.instruction_level)
    await patchBody(tx, ctx, 'EventBrief', eventId, { instruction_level: level })
    const board = await loadBoard(tx, eventId, new Date(now))
    const affected = new Set((board.changes.at(-1)?.affected_agents ?? []).map(slugName))
    const rework = reworkSteps(board, affected)
    const begun = await begunBefore(tx, old.session_id, until)
    const renamed = JSON.parse(JSON.stringify(old).replaceAll(old.event_brief_id, eventId)) as Session
    const session: Session = {
      ...renamed,
      session_id: newSessionId(),
      status: 'in_progress',
      waiting_on: null,
      partial: false,
      instruction_level: level,
      interaction_mode: InteractionMode.parse(interaction_mode ?? old.interaction_mode),
      target_phase: LifecycleState.parse(target_phase ?? old.target_phase),
      current_agent: null,
      artifacts_generated: [],
      agents: renamed.agents.map(({ error: _error, ...row }) => ({ ...row, state: 'idle', current_task: null })),
      errors: [],
      started_at: isoTime(now),
      completed_at: null,
      expires_at: null,
      correlation_id: ctx.correlationId,
      engine: gatewayOf(ctx) ? 'model' : 'rules',
      without_model: [],
      with_model: 0,
      iterations: 0,
      done: renamed.done.filter((key) => begun.has(key)),
      failed: renamed.failed.filter((key) => begun.has(key)),
      steps: rework.length > 0 ? rework : null,
      asked: choice.kind === 'ask-fact' ? 0 : renamed.asked,
      revisions: 0,
      revised: {},
      paused: false,
      plan: null,
    }
    session.done = session.done.filter((key) => !key.startsWith('redo '))
    const run = await startRun(tx, ctx, sessionFlow, {
      title: `Plan ${title}`,
      state: { session_id: session.session_id, event_brief_id: eventId },
      ...edit.lineage,
    })
    session.run_id = run.id
    await insertSession(tx, session)
    await addMessage(tx, ctx, session, {
      role: 'system',
      content: `This event goes on from "${before.brief.title}" as it was before “${border.label}”${rework.length > 0 ? `; ${rework.join(', ')} are worked out again for the changed brief` : ''}.`,
    })
    return run.id
  })
}
