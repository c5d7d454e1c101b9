import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Router } from '../../kernel/http/route.ts'
import type { PlatformParts } from './index.ts'

const LOOK_MS = 10

/** For the tour on a developer's machine: a crash on demand. Nothing but an agent process that this server itself started is ever ended. */
export function demoRoutes(router: Router, { authenticator, state }: PlatformParts): void {
  const own = () => (authenticator.mode === 'dev' ? (state.ownAgents?.ids ?? []) : [])
  router.add({
    method: 'GET',
    url: '/v1/demo',
    summary: 'What the tour may do here',
    tag: 'demo',
    access: 'read',
    replies: { 200: z.object({ may_kill: z.boolean(), agents: z.array(z.string()) }) },
    handler: async () => ({ may_kill: own().length > 0, agents: own() }),
  })
  router.add({
    method: 'POST',
    url: '/v1/demo/kill-agent',
    summary: 'End an agent process of this server in the middle of its work, to see the work carry on (dev mode only)',
    tag: 'demo',
    access: 'admin',
    body: z.object({
      /** The agent to end; default: one that works on this task, else any that works, else any. */
      agent_id: z.string().optional(),
      task_id: z.string().optional(),
      /** Wait until one of them works on that task, at most so long. */
      wait_seconds: z.number().min(0).max(30).default(0),
    }),
    replies: { 200: z.object({ agent_id: z.string(), pid: z.number(), was_working_on: z.string().nullable() }) },
    handler: async (ctx, { body }) => {
      const { kernel } = ctx
      const ids = own()
      if (ids.length === 0)
        throw new AppError(
          'FORBIDDEN',
          'Only a server started by "troupe up" in dev mode ends its own agents, and it has none now',
        )
      const look = async () =>
        (
          await kernel.db.query(
            `select agent_id, subject from kernel.assignments where pool = 'tasks' and status = 'running' and accepted_at is not null and agent_id = any ($1)
              order by (subject = $2) desc, started_at desc`,
            [ids, body.task_id ?? ''],
          )
        ).rows
      let rows = await look()
      const until = Date.now() + body.wait_seconds * 1000
      while (body.task_id && rows[0]?.['subject'] !== body.task_id && Date.now() < until) {
        await sleep(LOOK_MS)
        rows = await look()
      }
      if (body.task_id && body.wait_seconds > 0 && rows[0]?.['subject'] !== body.task_id)
        throw new AppError('INVALID_STATE', `No agent of this server works on ${body.task_id} now: start it again`, {
          task_id: body.task_id,
        })
      const id = body.agent_id ?? (rows[0]?.['agent_id'] as string | undefined) ?? ids[0]!
      const work = rows.find((row) => row['agent_id'] === id)?.['subject'] as string | undefined
      const pid = state.ownAgents?.kill(id)
      if (pid === undefined)
        throw new AppError('NOT_FOUND', `${id} is no running agent of this server: ${ids.join(', ')}`, {
          resource: 'agent',
          id,
        })
      await kernel.db.transaction((tx) =>
        emit(tx, ctx, {
          domain: 'platform',
          type: 'agent.killed',
          level: 'MILESTONE',
          stream: work ?? `agent:tasks/${id}`,
          agentId: id,
          summary: `${id} was ended in the middle of its work, on purpose`,
          data: { agent_id: id, pid, task_id: work ?? null },
        }),
      )
      return { agent_id: id, pid, was_working_on: work ?? null }
    },
  })
}
