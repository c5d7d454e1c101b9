import type { Ctx } from '../context.ts'
import { systemCtx } from '../context.ts'
import type { Row, Tx } from '../db/database.ts'
import { release } from '../db/holds.ts'
import { emitAll, type NewEvent } from '../events/emit.ts'
import type { Kernel } from '../kernel.ts'
import { assignmentColumns, CHANGED_COLUMNS } from './assignment-store.ts'
import { gather } from './gather.ts'
import type {
  Assignment,
  AssignmentChange,
  AttemptResult,
  ChangedAssignment,
  SettledAssignment,
  SettledPlan,
} from './plan-types.ts'
import { type PoolPolicy, poolOf } from './pool.ts'

export type ReportedResult = {
  assignmentId: string
  attempt: number
  result: AttemptResult
  /** Of what the agent sent: an equal repetition gets the stored answer. */
  bodyHash?: string
}
export type Outcome = {
  outcome: 'stored' | 'duplicate' | 'superseded' | 'cancelled' | 'unknown'
  accepted: boolean
  status: string | null
}

/** What an agent hears about its result. */
export type ResultAnswer = { accepted: boolean; outcome: string; subtask_status: string | null }
/** With the hash of the body it answers. */
export type StoredAnswer = { hash: string; answer: ResultAnswer }
const AGENT_WORDS: Record<string, string> = { ready: 'queued' }
export const presentOutcome = ({ accepted, outcome, status }: Outcome): ResultAnswer => ({
  accepted,
  outcome,
  subtask_status: status === null ? null : (AGENT_WORDS[status] ?? status),
})

export const planHold = (planId: string): string => `plan:${planId}`

type PlanRow = {
  id: string
  pool: string
  domain: string
  subject: string
  run_id: string | null
  user_id: string
  status: string
  data: Record<string, unknown>
  correlation_id: string
  causes: string[]
}

/**
 * Takes results of any plans of one pool in one transaction. Per attempt a result counts once; a late one of an earlier attempt
 * counts while the assignment still waits, and is only recorded once a newer attempt runs or has ended. Dependents become
 * ready or blocked, and a plan whose last assignment ended settles here, with the domain's onSettled.
 */
export async function completeAll(
  kernel: Kernel,
  policy: PoolPolicy,
  reported: readonly ReportedResult[],
): Promise<Outcome[]> {
  return kernel.db.transaction(async (tx) => {
    const ids = [...new Set(reported.map((r) => r.assignmentId))]
    // Plans first and in id order: two last results of a plan, or two batches, cannot miss each other or deadlock.
    const plans = await tx.query<PlanRow>(
      `select ${PLAN} from kernel.plans
        where id in (select plan_id from kernel.assignments where id = any ($1)) order by id for update`,
      [ids],
    )
    const found = await tx.query<ChangedAssignment>(
      `select ${CHANGED_COLUMNS} from kernel.assignments where id = any ($1) order by id for update`,
      [ids],
    )
    const byId = new Map(found.rows.map((row) => [row.id, row]))
    // A result of the attempt that runs needs no look at earlier ones.
    const doubtful = reported.filter(({ assignmentId, attempt }) => {
      const assignment = byId.get(assignmentId)
      return assignment && !(assignment.status === 'running' && assignment.attempt === attempt)
    })
    const attempts =
      doubtful.length === 0
        ? { rows: [] as Row[] }
        : await tx.query('select assignment_id, attempt, status from kernel.attempts where assignment_id = any ($1)', [
            doubtful.map((report) => report.assignmentId),
          ])
    const attemptOf = new Map(attempts.rows.map((row) => [`${row['assignment_id']}/${row['attempt']}`, row]))

    const taken: { assignment: ChangedAssignment; report: ReportedResult; late: boolean }[] = []
    const outcomes = reported.map((report): Outcome => {
      const assignment = byId.get(report.assignmentId)
      if (!assignment) return { outcome: 'unknown', accepted: false, status: null }
      const judged = judge(assignment, attemptOf.get(`${report.assignmentId}/${report.attempt}`), report)
      if (judged === 'stored') {
        taken.push({ assignment, report, late: assignment.status === 'ready' })
        byId.set(assignment.id, { ...assignment, status: report.result.status })
        attemptOf.set(`${report.assignmentId}/${report.attempt}`, { status: report.result.status })
      }
      return {
        outcome: judged,
        accepted: judged === 'stored',
        status: judged === 'stored' ? report.result.status : assignment.status,
      }
    })
    const planById = new Map(plans.rows.map((plan) => [plan.id, plan]))
    if (taken.length > 0) await store(tx, kernel, policy, taken, planById)
    return outcomes
  })
}

/** One result, committed together with those that arrive at the same time. Repeating it changes nothing and says `duplicate`. */
export const reportResult = gather(completeAll, { rests: true })

function judge(assignment: ChangedAssignment, attempt: Row | undefined, report: ReportedResult): Outcome['outcome'] {
  if (assignment.status === 'cancelled') return 'cancelled'
  if (assignment.status === 'running' && report.attempt === assignment.attempt) return 'stored'
  if (attempt && ['completed', 'failed'].includes(attempt['status'])) return 'duplicate'
  if (!attempt) return 'superseded'
  if (assignment.status === 'ready' && report.attempt <= assignment.attempt) return 'stored'
  return 'superseded'
}

async function store(
  tx: Tx,
  kernel: Kernel,
  policy: PoolPolicy,
  taken: readonly { assignment: ChangedAssignment; report: ReportedResult; late: boolean }[],
  plans: ReadonlyMap<string, PlanRow>,
): Promise<void> {
  const rows = taken.map(({ assignment, report }) => ({
    id: assignment.id,
    attempt: report.attempt,
    status: report.result.status,
    output: report.result.status === 'completed' ? report.result.output : null,
    error: report.result.status === 'failed' ? report.result.error : null,
    answer: report.bodyHash
      ? {
          hash: report.bodyHash,
          answer: presentOutcome({ outcome: 'stored', accepted: true, status: report.result.status }),
        }
      : null,
  }))
  const json = JSON.stringify(rows)
  await tx.query(
    `with given as (select * from jsonb_to_recordset($1::jsonb) as g (id text, attempt int, status text, output jsonb, error text, answer jsonb)),
     recorded as (update kernel.attempts t set status = g.status, ended_at = now(),
       answer = coalesce(nullif(g.answer, 'null'::jsonb), t.answer)
       from given g where t.assignment_id = g.id and t.attempt = g.attempt),
     unlocked as (delete from kernel.shared_locks where owner = any ($3))
     update kernel.assignments a set status = g.status, output = nullif(g.output, 'null'::jsonb), error = g.error, finished_at = now(), lease_until = null,
            token_hash = null, waiting_reason = null, started_at = coalesce(a.started_at, now()),
            accepted_at = coalesce(a.accepted_at, now()),
            started_attempts = greatest(a.started_attempts, case when a.accepted_at is null and a.status = 'running' then a.started_attempts + 1 else a.started_attempts end)
       from given g where a.id = g.id and a.id = any ($2)`,
    // The ids once more: by them the planner sees how few rows are meant.
    [json, rows.map(({ id }) => id), rows.map(({ id, attempt }) => `${id}/${attempt}`)],
  )

  const changes: AssignmentChange[] = taken.map(({ assignment, report }) => ({
    kind: report.result.status,
    assignment: {
      ...assignment,
      status: report.result.status,
      error: report.result.status === 'failed' ? report.result.error : null,
    },
    result: report.result,
    resultAttempt: report.attempt,
    ...(assignment.agent_id ? { agentId: assignment.agent_id } : {}),
  }))
  const completed = taken
    .filter(({ report }) => report.result.status === 'completed')
    .map(({ assignment }) => assignment.id)
  const failed = taken.filter(({ report }) => report.result.status === 'failed').map(({ assignment }) => assignment)
  for (const assignment of await readyDependents(tx, completed)) changes.push({ kind: 'queued', assignment })
  for (const one of failed)
    for (const assignment of await blockDescendants(tx, one)) changes.push({ kind: 'blocked', assignment })
  await announce(tx, kernel, policy, plans, changes)
  await settleIfDone(tx, kernel, [...plans.values()])
  // Last: the agent's row is what claims and results of other plans share, so it is locked for the shortest time.
  await freeAgents(
    tx,
    policy.name,
    taken.filter(({ late }) => !late).map(({ assignment }) => assignment.agent_id),
  )
  tx.afterCommit(() => kernel.notifier.touch('assignments', policy.name))
}

/** Gives back one slot per given agent id. */
export async function freeAgents(tx: Tx, pool: string, agentIds: readonly (string | null)[]): Promise<void> {
  const count = new Map<string, number>()
  for (const id of agentIds) if (id) count.set(id, (count.get(id) ?? 0) + 1)
  if (count.size === 0) return
  await tx.query(
    'update kernel.agents a set running = greatest(0, a.running - g.n) from unnest($2::text[], $3::int[]) as g (id, n) where a.pool = $1 and a.id = g.id',
    [pool, [...count.keys()], [...count.values()]],
  )
}

export async function readyDependents(tx: Tx, completedIds: readonly string[]): Promise<ChangedAssignment[]> {
  if (completedIds.length === 0) return []
  const { rows } = await tx.query<ChangedAssignment>(
    `with hit as (select dependent, count(*)::int n from kernel.assignment_edges where prerequisite = any ($1) group by dependent order by dependent)
     update kernel.assignments a set open_prerequisites = a.open_prerequisites - hit.n,
            status = case when a.status = 'pending' and a.open_prerequisites - hit.n = 0 then 'ready' else a.status end,
            queued_at = case when a.status = 'pending' and a.open_prerequisites - hit.n = 0 then clock_timestamp() else a.queued_at end
       from hit where a.id = hit.dependent returning ${assignmentColumns('a', CHANGED_COLUMNS)}`,
    [completedIds],
  )
  return rows.filter((row) => row.status === 'ready').sort((a, b) => a.ordinal - b.ordinal)
}

/** Every transitive dependent that has not ended becomes blocked and names the failed root. */
export async function blockDescendants(tx: Tx, root: Pick<Assignment, 'id' | 'key'>): Promise<ChangedAssignment[]> {
  const { rows } = await tx.query<ChangedAssignment>(
    `with recursive below as (
       select dependent from kernel.assignment_edges where prerequisite = $1
       union select e.dependent from kernel.assignment_edges e join below b on e.prerequisite = b.dependent)
     update kernel.assignments a set status = 'blocked', blocked_by = array_append(array_remove(a.blocked_by, $2), $2), waiting_reason = null
      where a.id in (select dependent from below) and a.status in ('pending', 'ready', 'blocked') returning ${assignmentColumns('a', CHANGED_COLUMNS)}`,
    [root.id, root.key],
  )
  return rows.sort((a, b) => a.ordinal - b.ordinal)
}

const LEVEL: Partial<Record<AssignmentChange['kind'], NewEvent['level']>> = {
  queued: 'DETAIL',
  waiting: 'DETAIL',
  refused: 'DETAIL',
}

/** Events and the domain's own records of changes, in order. */
export async function announce(
  tx: Tx,
  kernel: Kernel,
  policy: PoolPolicy,
  plans: ReadonlyMap<string, Pick<PlanRow, 'correlation_id' | 'causes' | 'run_id'>>,
  changes: readonly AssignmentChange[],
): Promise<void> {
  if (changes.length === 0) return
  const first = plans.get(changes[0]!.assignment.plan_id)
  const ctx = systemCtx(kernel, { ...(first ? { correlationId: first.correlation_id } : {}) })
  const events = changes.map((change): NewEvent => {
    const { assignment } = change
    const plan = plans.get(assignment.plan_id)
    return {
      domain: policy.domain,
      type: `assignment.${change.kind}`,
      level: LEVEL[change.kind] ?? 'ACTION',
      stream: assignment.subject,
      summary: `${assignment.key} ${change.kind}${change.reason ? `: ${change.reason}` : change.agentId ? ` by ${change.agentId}` : ''}`,
      causes: plan?.causes ?? [],
      ...(plan?.run_id ? { runId: plan.run_id } : {}),
      ...((change.agentId ?? assignment.agent_id) ? { agentId: change.agentId ?? assignment.agent_id! } : {}),
      data: {
        assignment_id: assignment.id,
        key: assignment.key,
        attempt: change.resultAttempt ?? assignment.attempt,
        ...(change.reason ? { reason: change.reason } : {}),
        ...(assignment.blocked_by.length > 0 ? { blocked_by: assignment.blocked_by } : {}),
        ...(change.result?.status === 'failed' ? { error: change.result.error } : {}),
      },
    }
  })
  await emitAll(tx, ctx, events)
  await policy.onChanges?.(tx, ctx, changes)
}

/** Settles every given plan in which nothing can run any more. The caller holds the plans' row locks. */
export async function settleIfDone(tx: Tx, kernel: Kernel, plans: readonly PlanRow[]): Promise<void> {
  const open = plans.filter((plan) => plan.status === 'open').map((plan) => plan.id)
  if (open.length === 0) return
  const { rows } = await tx.query<PlanRow>(
    `update kernel.plans p set status = 'settled', settled_at = now()
      where p.id = any ($1) and p.status = 'open'
        and not exists (select 1 from kernel.assignments a where a.plan_id = p.id and a.status in ('pending', 'ready', 'running'))
     returning ${PLAN}`,
    [open],
  )
  for (const plan of rows) {
    const { rows: assignments } = await tx.query<SettledAssignment>(
      'select id, key, status, output, error, blocked_by from kernel.assignments where plan_id = $1 order by ordinal',
      [plan.id],
    )
    const settled: SettledPlan = { ...plan, assignments }
    const ctx: Ctx = systemCtx(kernel, {
      correlationId: plan.correlation_id,
      causes: plan.causes,
      ...(plan.run_id ? { runId: plan.run_id } : {}),
    })
    const failed = settled.assignments.some((a) => a.status === 'failed')
    const [event] = await emitAll(tx, ctx, [
      {
        domain: plan.domain,
        type: 'plan.settled',
        stream: plan.subject,
        summary: failed ? 'The plan ended with failures' : 'Every assignment of the plan is done',
        data: { plan_id: plan.id, failed },
      },
    ])
    await kernel.hooks.get(plan.domain)?.onSettled?.(tx, { ...ctx, causes: [event!.id] }, settled)
    if (plan.run_id) await release(tx, plan.run_id, planHold(plan.id), event!.id)
  }
}

const PLAN = 'id, pool, domain, subject, run_id, user_id, status, data, correlation_id, causes'

/** The rows of these plans by id. */
export async function readPlans(tx: Tx, planIds: readonly string[]): Promise<Map<string, PlanRow>> {
  const { rows } = await tx.query<PlanRow>(`select ${PLAN} from kernel.plans where id = any ($1)`, [
    [...new Set(planIds)],
  ])
  return new Map(rows.map((plan) => [plan.id, plan]))
}

/** One plan's row, locked. */
export const planOf = async (tx: Tx, planId: string): Promise<PlanRow | undefined> =>
  (await tx.query<PlanRow>(`select ${PLAN} from kernel.plans where id = $1 for update`, [planId])).rows[0]

export const policyOfAssignment = (assignment: Pick<Assignment, 'pool'>): PoolPolicy => poolOf(assignment.pool)
