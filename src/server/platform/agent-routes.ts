import { z } from 'zod'
import { findPool } from '../../kernel/agents/pool.ts'
import { type AgentRow, findAgent, listAgents, loseWork, tellAgent } from '../../kernel/agents/registry.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Router } from '../../kernel/http/route.ts'
import { boolean } from './query.ts'

const present = ({ missed: _missed, ...agent }: AgentRow & { missed?: unknown }) => ({
  ...agent,
  alive: agent.dead_at === null,
  free: Math.max(0, agent.slots - agent.running),
})

export function agentRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/agents',
    summary: 'The fleet of every pool',
    tag: 'agents',
    access: 'read',
    query: z.object({ pool: z.string().optional(), include_dead: boolean }),
    handler: async ({ kernel }, { query }) => {
      const agents = await listAgents(kernel.db, {
        ...(query.pool ? { pool: query.pool } : {}),
        includeDead: query.include_dead ?? false,
      })
      const { rows: stats } = await kernel.db.query(
        `select a.pool, t.agent_id, count(*) filter (where t.status = 'completed')::int as completed, count(*) filter (where t.status = 'failed')::int as failed,
                avg(extract(epoch from t.ended_at - t.started_at)) filter (where t.status = 'completed')::float8 as mean_seconds,
                (array_agg(a.error order by t.ended_at desc) filter (where t.status = 'failed'))[1] as last_error
           from kernel.attempts t join kernel.assignments a on a.id = t.assignment_id group by a.pool, t.agent_id`,
      )
      const statOf = new Map(stats.map((row) => [`${row['pool']}/${row['agent_id']}`, row]))
      return {
        agents: agents.map((agent) => {
          const stat = statOf.get(`${agent.pool}/${agent.id}`)
          const done = (stat?.['completed'] ?? 0) + (stat?.['failed'] ?? 0)
          return {
            ...present(agent),
            completed: stat?.['completed'] ?? 0,
            failed: stat?.['failed'] ?? 0,
            success_rate: done > 0 ? (100 * stat!['completed']) / done : null,
            mean_seconds: stat?.['mean_seconds'] ?? null,
            last_error: stat?.['last_error'] ?? null,
          }
        }),
      }
    },
  })
  const setStatus = (verb: string, summary: string, status: AgentRow['status']) =>
    router.add({
      method: 'POST',
      url: `/v1/agents/:pool/:id/${verb}`,
      summary,
      tag: 'agents',
      access: 'write',
      params: z.object({ pool: z.string(), id: z.string() }),
      handler: async (ctx, { params }) => {
        const { kernel } = ctx
        const policy = findPool(params.pool)
        const agent = policy && (await findAgent(kernel.db, params.pool, params.id))
        if (!policy || !agent)
          throw new AppError('AGENT_NOT_FOUND', `No agent ${params.id} in pool ${params.pool}`, {
            resource: 'agent',
            id: params.id,
          })
        await kernel.db.transaction(async (tx) => {
          await tx.query('update kernel.agents set status = $3 where pool = $1 and id = $2', [
            params.pool,
            params.id,
            status,
          ])
          if (status === 'offline') await loseWork(tx, kernel, policy, params.id, 'it was taken offline')
          await tellAgent(tx, ctx, policy, {
            kind: status === 'available' ? 'back' : 'draining',
            agentId: params.id,
            data: { status },
          })
          tx.afterCommit(() => kernel.notifier.touch('assignments', params.pool))
        })
        return present((await findAgent(kernel.db, params.pool, params.id))!)
      },
    })
  setStatus('drain', 'Finish what runs, take nothing new', 'maintenance')
  setStatus('offline', 'Take out at once; what runs goes back to the queue', 'offline')
  setStatus('resume', 'Take work again', 'available')
}
