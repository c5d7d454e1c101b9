import type { Ctx } from '../../kernel/context.ts'
import type { Reader, Tx } from '../../kernel/db/database.ts'
import { release } from '../../kernel/db/holds.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { DIETS_QUESTION } from '../agents/catering-craft.ts'
import { shortNameOf } from '../agents/team.ts'
import { bandOf } from '../inference/bands.ts'
import { budgetAmount } from '../inference/budget.ts'
import { dateIn } from '../inference/intake.ts'
import { type AgentName, isoTime, type Question } from '../schema.ts'
import { findEvent, lockEvent, notFound } from '../store/load-board.ts'
import { patchEventIn } from '../verbs/event-briefs.ts'
import { addMessage, getSession, putSession, type Session, say, setAgent } from './session-store.ts'

const DAY_MS = 86_400_000
export const CONTINUE = 'Continue with your best judgment'

/** Who asks for a missing fact, and how. */
export const FACT_QUESTIONS: Readonly<Record<string, { agent: AgentName; prompt: string }>> = {
  place: { agent: 'venue-researcher', prompt: 'Where should the event take place? Name a city or area.' },
  date: { agent: 'logistics-coordinator', prompt: 'On which date should the event take place?' },
  'head count': { agent: 'venue-researcher', prompt: 'How many people do you expect?' },
  diets: { agent: 'catering-coordinator', prompt: `${DIETS_QUESTION} to serve, for example kosher or halal?` },
}

type NewQuestion = { agent: AgentName; prompt: string; options: string[] | undefined; context: Record<string, unknown> }

/** Puts one question; the session waits on it for 24 hours. */
export async function askQuestion(
  tx: Tx,
  ctx: Ctx,
  session: Session,
  { agent, prompt, options, context }: NewQuestion,
): Promise<string> {
  const now = ctx.kernel.clock.now()
  session.asked += 1
  const id = `q-${session.session_id}-${String(session.asked).padStart(3, '0')}`
  const question: Question = {
    question_id: id,
    session_id: session.session_id,
    requesting_agent: shortNameOf(agent),
    prompt,
    context,
    request_type: options ? 'selection' : 'clarification',
    question_type: options ? 'multiple_choice' : 'free_text',
    ...(options ? { options } : {}),
    asked_at: isoTime(now),
  }
  await tx.query('insert into planning.questions (id, session_id, body) values ($1, $2, $3)', [
    id,
    session.session_id,
    JSON.stringify(question),
  ])
  session.waiting_on = { kind: 'question', id, since: isoTime(now) }
  session.expires_at = isoTime(now + DAY_MS)
  await setAgent(tx, ctx, session, agent, { state: 'waiting_input', current_task: 'waits for an answer' })
  await addMessage(tx, ctx, session, {
    role: 'agent',
    agent,
    content: prompt,
    metadata: { question_id: id, ...(options ? { options } : {}) },
  })
  const { request_type, requesting_agent } = question
  await say(tx, ctx, session, 'question_asked', prompt, {
    question_id: id,
    prompt,
    request_type,
    requesting_agent,
    ...(options ? { options } : {}),
  })
  return id
}

/** Whether what a session waits on is still open. */
export async function waitingStill(reader: Reader, sessionId: string): Promise<boolean> {
  const { waiting_on, status } = await getSession(reader, sessionId)
  if (!waiting_on || status !== 'in_progress') return false
  const sql =
    waiting_on.kind === 'question'
      ? 'select 1 from planning.questions where id = $1 and answered_at is null'
      : `select 1 from planning.approvals where id = $1 and status = 'pending'`
  return (await reader.query(sql, [waiting_on.id])).rows.length > 0
}

/**
 * Lets a waiting session look again, in the transaction of what it waited for. The stage that is just going to wait may not have written its hold
 * yet and cannot see this transaction either: after the commit the run is looked at once more, behind its lock.
 */
export async function wake(tx: Tx, { db }: Pick<Kernel, 'db'>, { run_id }: Pick<Session, 'run_id'>): Promise<void> {
  if (await release(tx, run_id, 'planning.session')) return
  tx.afterCommit(() => {
    db.transaction(async (later) => {
      await later.query('select id from kernel.runs where id = $1 for update', [run_id])
      await release(later, run_id, 'planning.session')
    }).catch(() => undefined) // the sweep of sessions finds it within a second
  })
}

/** What an answer to a missing fact changes of the event. */
export function patchFrom(
  fact: string,
  answer: string,
  event: { constraints: string; date_range_start: string; date_range_end: string; audience_size: number },
  now: Date,
): Record<string, unknown> | null {
  const text = answer.trim()
  if (text === '' || text === CONTINUE) return null
  if (fact === 'place')
    return {
      constraints: [event.constraints, `in ${text.replace(/^(in|near|at)\s+/i, '')}`].filter(Boolean).join('; '),
    }
  if (fact === 'diets') return { constraints: [event.constraints, `diets: ${text}`].filter(Boolean).join('; ') }
  if (fact === 'budget') {
    const amount = budgetAmount(/budget/i.test(text) ? text : `Budget ${text}`)
    return amount ? { constraints: `Budget ${amount.amount} ${amount.currency}; ${event.constraints}` } : null
  }
  if (fact === 'head count') {
    const count = Number(/\d[\d,]*/.exec(text)?.[0].replaceAll(',', ''))
    return count >= 1 && bandOf(count) ? { audience_size: count } : null
  }
  const day = dateIn(text, now)
  if (day === null) return null
  const shift = day - Date.parse(event.date_range_start.slice(0, 10))
  return {
    date_range_start: isoTime(Date.parse(event.date_range_start) + shift),
    date_range_end: isoTime(Date.parse(event.date_range_end) + shift),
  }
}

/** Answers a question (79). The first answer counts; the session goes on at once. A blank answer leaves it to the agents. */
export async function answerQuestion(ctx: Ctx, sessionId: string, questionId: string, raw: string) {
  return ctx.kernel.db.transaction(async (tx) => {
    const early = await getSession(tx, sessionId)
    await lockEvent(tx, early.event_brief_id)
    const session = await getSession(tx, sessionId, true)
    const { rows } = await tx.query(
      'select body from planning.questions where id = $1 and session_id = $2 for update',
      [questionId, sessionId],
    )
    const question = rows[0]?.['body'] as Question | undefined
    if (!question) throw notFound('Question', questionId)
    if (question.answered_at)
      throw new AppError(
        'QUESTION_ALREADY_ANSWERED',
        `Question ${questionId} was answered at ${question.answered_at}`,
        { question_id: questionId },
      )
    if (session.status !== 'in_progress')
      throw new AppError('SESSION_NOT_RUNNING', `Session ${sessionId} is ${session.status}`, { session_id: sessionId })
    const answer = raw.trim() === '' ? CONTINUE : raw.trim()
    const at = isoTime(ctx.kernel.clock.now())
    await tx.query('update planning.questions set body = body || $2::jsonb, answered_at = now() where id = $1', [
      questionId,
      JSON.stringify({ answer, answered_at: at, answered_by: ctx.actor.id }),
    ])
    session.answers.push({ question: question.prompt, answer })
    session.missing = []
    session.waiting_on = null
    session.expires_at = null
    await addMessage(tx, ctx, session, { role: 'user', content: answer, metadata: { question_id: questionId } })
    await say(tx, ctx, session, 'question_answered', answer, { question_id: questionId, answer })
    const fact = question.context['fact']
    const event = await findEvent(tx, session.event_brief_id)
    const patch =
      typeof fact === 'string' && event ? patchFrom(fact, answer, event, new Date(ctx.kernel.clock.now())) : null
    if (patch) await patchEventIn(tx, ctx, session.event_brief_id, patch)
    await putSession(tx, session)
    await wake(tx, ctx.kernel, session)
    return { question_id: questionId, status: 'answered' as const, workflow_resumed: true, resumed_at: at }
  })
}
