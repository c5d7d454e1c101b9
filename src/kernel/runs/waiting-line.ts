import type { Reader } from '../db/database.ts'

type Asked = { id: string; title: string; roles: string[]; users: string[]; created_at: Date; deadline: Date | null }
type Planned = { id: string; total: number; done: number; running: number; agents: string[] }
/** `progress` only where a plan tells it. */
export type Waiting = { waiting_on: string; waiting_decision: string | null; progress?: number }

const SERVICES: Readonly<Record<string, string>> = {
  user: 'a person paused it',
  admission: 'a free place',
  workflow: 'the film’s tasks and decisions',
  'planning.session': 'an answer or approval in the planning session',
  'service:simulation': 'the simulation’s process',
}

const clock = (at: string | Date | null) => (at ? new Date(at).toISOString().slice(0, 16).replace('T', ' ') : undefined)

/** One hold in words. */
function wordsOf(
  hold: string,
  wakeAt: string | null,
  asked: Map<string, Asked>,
  planned: Map<string, Planned>,
): string {
  const question = asked.get(hold.replace(/^decision:/, ''))
  if (question) {
    const who = [...question.users, ...question.roles].join(', ') || 'whoever may approve'
    return `an answer to “${question.title}” by ${who}${question.deadline ? `, due ${clock(question.deadline)}` : ''}`
  }
  const plan = planned.get(hold.replace(/^plan:/, ''))
  if (plan)
    return `${plan.total - plan.done} of ${plan.total} step${plan.total === 1 ? '' : 's'}${plan.agents.length > 0 ? ` (${plan.agents.join(', ')})` : plan.running === 0 ? ' that no agent has taken' : ''}`
  if (hold === 'timer') return wakeAt ? `the time ${clock(wakeAt)}` : 'a timer'
  return SERVICES[hold] ?? (hold.startsWith('service:') ? `the service ${hold.slice('service:'.length)}` : hold)
}

type Held = { id: string; key: string | null; holds: string[]; wake_at: string | null; waiting_since: string | null }

/** For each run that waits: what it waits for, on whom and since when, in one line. */
export async function waitingLines(db: Reader, runs: readonly Held[]): Promise<Map<string, Waiting>> {
  const held = runs.filter((run) => run.holds.length > 0)
  if (held.length === 0) return new Map()
  const ids = (prefix: string) =>
    held.flatMap((run) => run.holds.filter((hold) => hold.startsWith(prefix)).map((hold) => hold.slice(prefix.length)))
  const [questions, plans, open] = await Promise.all([
    db.query<Asked>('select id, title, roles, users, created_at, deadline from kernel.decisions where id = any ($1)', [
      ids('decision:'),
    ]),
    db.query<Planned>(
      `select plan_id as id, count(*)::int as total, count(*) filter (where finished_at is not null)::int as done,
              count(*) filter (where status = 'running')::int as running,
              coalesce(array_agg(distinct agent_id) filter (where status = 'running' and agent_id is not null), '{}') as agents
         from kernel.assignments where plan_id = any ($1) group by plan_id`,
      [ids('plan:')],
    ),
    // A domain that waits by a hold of its own may have asked meanwhile.
    db.query<Asked & { run_id: string | null; of: string | null; plan_id: string | null }>(
      `select d.id, d.title, d.roles, d.users, d.created_at, d.deadline, d.run_id, d.data ->> 'workflow_id' as of, a.plan_id
         from kernel.decisions d left join kernel.assignments a on a.id = d.assignment_id
        where d.status = 'open' and (d.run_id = any ($1) or d.data ->> 'workflow_id' = any ($2) or a.plan_id = any ($3)) order by d.created_at`,
      [held.map((run) => run.id), held.flatMap((run) => (run.key ? [run.key] : [])), ids('plan:')],
    ),
  ])
  const asked = new Map(questions.rows.map((row) => [row.id, row]))
  const planned = new Map(plans.rows.map((row) => [row.id, row]))
  return new Map(
    held.map((run) => {
      const own = open.rows.find(
        (row) =>
          row.run_id === run.id ||
          (row.of !== null && row.of === run.key) ||
          (row.plan_id !== null && run.holds.includes(`plan:${row.plan_id}`)),
      )
      if (own) asked.set(own.id, own)
      const asks = (hold: string) =>
        own && ((hold in SERVICES && hold !== 'user') || hold === `plan:${own.plan_id}`) ? `decision:${own.id}` : hold
      const holds = run.holds.map(asks)
      const words = holds.map((hold) => wordsOf(hold, run.wake_at, asked, planned))
      const since = clock(run.waiting_since)
      const decision = holds.find((hold) => hold.startsWith('decision:'))?.slice('decision:'.length) ?? null
      const plan = run.holds.flatMap((hold) => planned.get(hold.replace(/^plan:/, '')) ?? [])[0]
      return [
        run.id,
        {
          waiting_on: `${words.join('; ')}${since ? ` – since ${since}` : ''}`,
          waiting_decision: decision,
          ...(plan ? { progress: Math.floor((100 * plan.done) / plan.total) } : {}),
        },
      ]
    }),
  )
}
