import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import type {
  Alternative,
  Change,
  ChangeApproval,
  ChangeType,
  Decision,
  DecisionType,
  ImpactedArtifact,
  Trace,
} from '../schema.ts'
import { isoTime } from '../schema.ts'
import { actorName } from './actor-name.ts'
import { nextId, nextNumber } from './sequence.ts'

const SCHEMA_VERSION = '1.0.0'

async function append(tx: Tx, ctx: Ctx, table: string, id: string, eventId: string, body: object): Promise<any> {
  const now = new Date(ctx.kernel.clock.now())
  const by = actorName(ctx)
  await tx.query(
    `insert into planning.${table} (id, event_brief_id, parent_id, body, version, schema_version, validation_status, correlation_id, created_at, updated_at, created_by)
     values ($1, $2, $2, $3, 1, '${SCHEMA_VERSION}', 'valid', $4, $5, $5, $6)`,
    [id, eventId, JSON.stringify(body), ctx.correlationId, now, by],
  )
  return {
    id,
    ...body,
    version: 1,
    schema_version: SCHEMA_VERSION,
    validation_status: 'valid',
    validation_errors: [],
    correlation_id: ctx.correlationId,
    created_at: isoTime(now),
    updated_at: isoTime(now),
    created_by: by,
  }
}

export type NewChange = {
  change_type: ChangeType
  description: string
  impact: string
  impacted_artifacts: ImpactedArtifact[]
  affected_agents?: string[]
  approvals?: ChangeApproval[]
  amount?: number | null
  previous_version?: number | null
  new_version?: number | null
  relates_to?: string | null
}

/** Adds an entry to the ChangeLog; entries are never changed. */
export async function appendChange(tx: Tx, ctx: Ctx, eventId: string, change: NewChange): Promise<Change> {
  const id = await nextId(tx, 'change', eventId)
  return append(tx, ctx, 'changelogs', id, eventId, {
    type: 'change',
    event_brief_id: eventId,
    date: isoTime(ctx.kernel.clock.now()),
    affected_agents: [],
    approvals: [],
    amount: null,
    initiated_by: actorName(ctx),
    previous_version: null,
    new_version: null,
    relates_to: null,
    ...change,
  })
}

export type NewDecisionEntry = {
  decision_type: DecisionType
  description: string
  rationale: string
  owner?: string
  alternatives_considered?: Alternative[]
  impacted_artifacts?: ImpactedArtifact[]
  approvals?: Decision['approvals']
  session_id?: string | null
  agent_name?: string | null
  instruction_level?: string | null
  instruction_set_version?: string | null
  relates_to?: string | null
}

/** Adds an entry to the DecisionLog; entries are never changed. */
export async function appendDecision(tx: Tx, ctx: Ctx, eventId: string, entry: NewDecisionEntry): Promise<Decision> {
  const id = await nextId(tx, 'dec', eventId)
  return append(tx, ctx, 'decisions', id, eventId, {
    type: 'decision',
    event_brief_id: eventId,
    timestamp: isoTime(ctx.kernel.clock.now()),
    owner: actorName(ctx),
    alternatives_considered: [],
    impacted_artifacts: [],
    approvals: [],
    session_id: null,
    agent_name: null,
    instruction_level: null,
    instruction_set_version: null,
    relates_to: null,
    ...entry,
  })
}

export type NewTrace = Pick<Trace, 'action' | 'status' | 'agent_name'> &
  Partial<Omit<Trace, 'id' | 'step' | 'type' | 'event_brief_id' | 'timestamp'>>

/** Adds a trace; steps count per session from 1. Work outside a session has the session `session-none`. */
export async function appendTrace(tx: Tx, ctx: Ctx, eventId: string, trace: NewTrace): Promise<Trace> {
  const session = trace.session_id ?? 'session-none'
  const scope = `trace-${eventId}-${session}-step`
  const step = await nextNumber(tx, scope)
  return append(tx, ctx, 'traces', `${scope}-${String(step).padStart(3, '0')}`, eventId, {
    type: 'trace',
    event_brief_id: eventId,
    session_id: session,
    instruction_level: null,
    timestamp: new Date(ctx.kernel.clock.now()).toISOString(),
    step,
    target_agent: null,
    tool_name: null,
    input_artifacts: [],
    output_artifacts: [],
    duration_ms: 0,
    error: null,
    usage: null,
    ...trace,
  })
}

/** The `approvals` of each entry as they stand: later entries that refer to it carry the outcomes (3.20). */
export function mergeOutcomes(changes: readonly Change[]): Change[] {
  return changes.map((change) => {
    if (!change.approvals.some(({ status }) => status === 'pending')) return change
    const outcome = changes
      .filter(({ relates_to }) => relates_to === change.id)
      .flatMap(({ approvals }) => approvals)
      .findLast(({ status }) => status !== 'pending')
    if (!outcome) return change
    return {
      ...change,
      approvals: change.approvals.map((one) =>
        one.status === 'pending'
          ? {
              ...one,
              approver: outcome.approver,
              status: outcome.status,
              decided_at: outcome.decided_at ?? change.date,
            }
          : one,
      ),
    }
  })
}
