import { planHold } from '../../kernel/agents/complete.ts'
import { listDecisions } from '../../kernel/decisions/store.ts'
import type { Router } from '../../kernel/http/route.ts'
import { listRuns } from '../../kernel/runs/store.ts'
import type { PlatformParts } from './index.ts'

/** What needs me, what runs, what failed: one request for the first screen. */
export function homeRoutes(router: Router, _parts: PlatformParts): void {
  router.add({
    method: 'GET',
    url: '/v1/home',
    summary: 'What waits for a person, what runs, what failed in the last day',
    tag: 'home',
    access: 'read',
    handler: async ({ kernel }) => {
      const [waiting, active, failures, plans, agents, spent] = await Promise.all([
        listDecisions(kernel.db, { status: ['open'] }, 5, 0),
        listRuns(kernel.db, { status: ['queued', 'running', 'waiting', 'paused'] }, 10, 0),
        kernel.db.query(
          `select domain, coalesce(nullif(split_part(error, ':', 1), ''), 'INTERNAL') as code, count(*)::int as count, max(finished_at) as last, min(error) as example
             from (select domain, error, finished_at from kernel.assignments where status = 'failed' and finished_at > now() - interval '1 day'
                   union all select domain, (error ->> 'code') || ': ' || (error ->> 'message'), finished_at from kernel.runs r
                     where status = 'failed' and finished_at > now() - interval '1 day'
                       and not exists (select 1 from kernel.plans p join kernel.assignments a on a.plan_id = p.id where p.run_id = r.id and a.status = 'failed')) f
            group by 1, 2 order by count desc limit 20`,
        ),
        kernel.db.query(
          `select p.id, p.domain, p.subject, p.created_at, count(*)::int as total, count(*) filter (where a.status = 'completed')::int as completed,
                  count(*) filter (where a.status = 'running')::int as running, coalesce(array_remove(array_agg(distinct a.agent_id) filter (where a.status = 'running'), null), '{}') as agents
             from kernel.plans p join kernel.assignments a on a.plan_id = p.id where p.status = 'open' group by p.id order by p.created_at desc limit 10`,
        ),
        kernel.db.query(
          `select pool, count(*)::int as total, count(*) filter (where dead_at is null)::int as alive, sum(running)::int as running, sum(slots)::int as slots from kernel.agents group by pool order by pool`,
        ),
        kernel.db.query(
          `select coalesce(sum(cost_usd), 0)::float8 as usd, coalesce(sum(input_tokens + output_tokens), 0)::int as tokens, count(*)::int as calls
             from kernel.model_calls where created_at > date_trunc('day', now())`,
        ),
      ])
      // A run that waits for a plan is shown by the plan, which says how far it is.
      const planned = new Set(plans.rows.map((plan) => planHold(plan['id'])))
      const runs = active.runs.filter((run) => !run.holds.some((hold) => planned.has(hold)))
      return {
        waiting: {
          total: waiting.total,
          oldest: waiting.decisions.map((one) => one.created_at).sort()[0] ?? null,
          decisions: waiting.decisions,
        },
        running: { total: active.total, runs, plans: plans.rows },
        failures: failures.rows,
        fleet: agents.rows,
        spent_today: spent.rows[0],
      }
    },
  })
}
