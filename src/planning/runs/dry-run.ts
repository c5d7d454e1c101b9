import type { Ctx } from '../../kernel/context.ts'
import { isConnectionError, isStoreAway } from '../../kernel/db/database.ts'
import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'
import type { Draft, TurnOutput } from '../agents/turn.ts'
import { nextGate } from '../gates/transition.ts'
import type { LifecycleState } from '../schema.ts'
import { settleEvent } from '../store/write-artifact.ts'
import { saveDrafts } from './save-turn.ts'
import { getSession } from './session-store.ts'
import type { Step } from './steps.ts'

/** Tasks that finish the work of their state: after them its gate must open, but for what people decide. */
const CLOSING: Readonly<Record<string, LifecycleState>> = {
  scope: 'Initiate',
  plan: 'Plan',
  venues: 'Research',
  costs: 'Budget',
  operations: 'Logistics',
}
/** Checks that wait for people, or for the budget people may approve beyond its variance. */
const FOR_PEOPLE = new Set([
  'BUDGET_APPROVAL_MISSING',
  'BUDGET_DECISION_REJECTED',
  'BUDGET_DECISION_SUPERSEDED',
  'BUDGET_CHANGE_PENDING',
  'BUDGET_NOT_APPROVED_BY_HUMAN',
  'BUDGET_VARIANCE_EXCEEDED',
])

class Undone extends Error {}

const inWords = (error: unknown): string[] =>
  error instanceof ValidationError
    ? error.fields.map(({ field, message }) => `${field}: ${message}`)
    : [error instanceof AppError ? error.message : `cannot be stored: ${(error as Error).message}`]

const nameOf = (draft: Draft | undefined) =>
  draft ? `${draft.type}${draft.ref ? ` "${draft.ref}"` : ''}` : 'the answer'

/**
 * What stands against storing a turn: the first rule an artifact breaks, else the checks of the state's gate that fail after it. Everything is
 * tried for real in a transaction that is taken back. Throws only when the database is away.
 */
export async function dryRun(ctx: Ctx, sessionId: string, step: Step, output: TurnOutput): Promise<string[]> {
  if (output.user_input_needed || output.artifacts.length === 0) return []
  let problems: string[] = []
  let current: Draft | undefined
  try {
    await ctx.kernel.db.transaction(async (tx) => {
      const session = await getSession(tx, sessionId)
      await saveDrafts(tx, ctx, { session, step, output, onDraft: (draft) => (current = draft) })
      const board = await settleEvent(tx, ctx, session.event_brief_id)
      if (CLOSING[step.task] === board.brief.lifecycle_state)
        problems = nextGate({ board, now: new Date(ctx.kernel.clock.now()) })!
          .gate_results.filter(({ passed, code }) => !passed && !FOR_PEOPLE.has(code))
          .map(({ message, artifact_id }) => `${message}${artifact_id ? ` (${artifact_id})` : ''}`)
      throw new Undone()
    })
  } catch (error) {
    if (isConnectionError(error) || isStoreAway(error)) throw error
    if (!(error instanceof Undone)) problems = inWords(error).map((text) => `${nameOf(current)}: ${text}`)
  }
  return problems
}
