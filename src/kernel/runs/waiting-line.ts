import type { Reader } from '../db/database.ts'

type Asked = { id: string; title: string; roles: string[]; users: string[]; created_at: Date; deadline: Date | null }
type Planned = { id: string; total: number; done: number; running: number; agents: string[] }
export type Waiting = { waiting_on: string; waiting_decision: string | null }

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
    return `${plan.total - plan.done} of ${plan.total} assignments${plan.agents.length > 0 ? ` (${plan.agents.join(', ')})` : plan.running === 0 ? ' that no agent has taken' : ''}`
  if (hold === 'timer') return wakeAt ? `the time ${clock(wakeAt)}` : 'a timer'
  return SERVICES[hold] ?? (hold.startsWith('service:') ? `the service ${hold.slice('service:'.length)}` : hold)
}

type Held = { id: string; holds: string[]; wake_at: string | null; waiting_since: string | null }

/** For each run that waits: what it waits for, on whom and since when, in one line. */
export async function waitingLines(db: Reader, runs: readonly Held[]): Promise<Map<string, Waiting>> {
  const held = runs.filter((run) => run.holds.length > 0)
  if (held.length === 0) return new Map()
  const ids = (prefix: string) =>
    held.flatMap((run) => run.holds.filter((hold) => hold.startsWith(prefix)).map((hold) => hold.slice(prefix.length)))
  const [questions, plans] = await Promise.all([
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
  ])
  const asked = new Map(questions.rows.map((row) => [row.id, row]))
  const planned = new Map(plans.rows.map((row) => [row.id, row]))
  return new Map(
    held.map((run) => {
      const words = run.holds.map((hold) => wordsOf(hold, run.wake_at, asked, planned))
      const since = clock(run.waiting_since)
      const decision = run.holds.find((hold) => hold.startsWith('decision:'))?.slice('decision:'.length) ?? null
      return [
        run.id,
        { waiting_on: `${words.join('; ')}${since ? ` – since ${since}` : ''}`, waiting_decision: decision },
      ]
    }),
  )
}
