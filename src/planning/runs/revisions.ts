import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { displayNameOf } from '../agents/team.ts'
import type { Board } from '../artifacts/board.ts'
import { appendDecision } from '../store/logs.ts'
import { addMessage, agentCtx, putSession, type Session, say } from './session-store.ts'
import type { Step } from './steps.ts'

export const MAX_REVISIONS = 3

type Rejected = { id: string; name: string; step: Omit<Step, 'key'> }

/** What a person rejected and nobody proposed anew yet: contracts, and the venue while its last approval is a refusal. */
export function rejectedWork(board: Board): Rejected[] {
  const { VendorContracts, VenueScorecard, VenueShortlist } = board.artifacts
  const contracts = VendorContracts.filter(({ status }) => status === 'rejected').map(
    ({ id, vendor_name, service_type }): Rejected => ({
      id,
      name: `the contract with ${vendor_name}`,
      step: {
        agent: service_type === 'catering' ? 'catering-coordinator' : 'logistics-coordinator',
        task: 'revise-contract',
      },
    }),
  )
  const last = board.approvals
    .filter(
      ({ approval_type, artifact_id }) => approval_type === 'venue_selection' && artifact_id === VenueScorecard?.id,
    )
    .toSorted((a, b) => (a.approval_id < b.approval_id ? -1 : 1))
    .at(-1)
  const selected = VenueScorecard?.selected_venue_id
  if (!selected || last?.status !== 'rejected' || last.details['selected_venue_id'] !== selected) return contracts
  const name = VenueShortlist.find(({ id }) => id === selected)?.venue_name ?? selected
  return [{ id: VenueScorecard.id, name, step: { agent: 'venue-researcher', task: 'revise-venue' } }, ...contracts]
}

export type Revision = { kind: 'revise'; step: Step; id: string } | { kind: 'escalate'; id: string; name: string }

/** The next proposal a rejection asks for: at most three an artifact, then people are asked to settle it. Null when nothing is rejected. */
export function nextRevision(session: Pick<Session, 'revised' | 'done' | 'failed'>, board: Board): Revision | null {
  for (const { id, name, step } of rejectedWork(board)) {
    const count = session.revised[id] ?? 0
    const key = `revise ${id} ${count + 1}`
    if (count < MAX_REVISIONS && !session.failed.includes(key)) return { kind: 'revise', id, step: { ...step, key } }
    if (!session.done.includes(`escalate ${id}`)) return { kind: 'escalate', id, name }
  }
  return null
}

/** Steps that follow from another venue: its costs, its contract and the programme in its rooms, as far as they exist. */
export function afterVenueChange(board: Board): string[] {
  const { CostModel, VendorContracts, LogisticsPlan } = board.artifacts
  return [
    ...(CostModel ? ['costs'] : []),
    ...(VendorContracts.length > 0 ? ['venue-contract'] : []),
    ...(LogisticsPlan ? ['operations'] : []),
  ]
}

/** Three proposals were not accepted: the decision goes to people, with the ways that are left. */
export async function escalateRejection(
  tx: Tx,
  ctx: Ctx,
  session: Session,
  { id, name }: { id: string; name: string },
): Promise<void> {
  await appendDecision(tx, agentCtx(ctx, 'event-planner', session.correlation_id), session.event_brief_id, {
    decision_type: 'escalation',
    description: `${name} was rejected ${MAX_REVISIONS + 1} times`,
    rationale: `${MAX_REVISIONS} revised proposals for ${id} were not accepted: people decide how it goes on`,
    owner: displayNameOf('event-planner'),
    alternatives_considered: [
      {
        option: 'Say what would be accepted and start the team again',
        pros: ['Keeps date and scope'],
        cons: ['Takes a round'],
        rank: 1,
        score: null,
      },
      {
        option: 'Choose or write the artifact by hand',
        pros: ['Settled at once'],
        cons: ['Nobody compares offers'],
        rank: 2,
        score: null,
      },
      { option: 'Go on without it', pros: ['Cheaper'], cons: ['A smaller event'], rank: 3, score: null },
    ],
    session_id: session.session_id,
  })
  const message = `${name} was rejected ${MAX_REVISIONS + 1} times: I stop proposing and ask you to settle it`
  await addMessage(tx, ctx, session, { role: 'agent', agent: 'event-planner', content: message })
  await say(tx, ctx, session, 'error', message, {
    code: 'REVISIONS_EXHAUSTED',
    agent_name: displayNameOf('event-planner'),
  })
  session.done.push(`escalate ${id}`)
  session.errors.push(message)
  await putSession(tx, session)
}
