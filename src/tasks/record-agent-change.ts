import type { AgentChange } from '../kernel/agents/pool.ts'
import type { Ctx } from '../kernel/context.ts'
import type { Tx } from '../kernel/db/database.ts'
import { type NewLog, writeLogs } from './store/write-logs.ts'

const LEVEL: Record<AgentChange['kind'], NewLog['level']> = {
  registered: 'INFO',
  back: 'INFO',
  dead: 'ERROR',
  draining: 'INFO',
  deregistered: 'INFO',
  unreachable: 'WARN',
}

export async function recordAgentChange(tx: Tx, ctx: Ctx, { kind, agentId, data }: AgentChange): Promise<void> {
  const { endpoint, capabilities } = data as { endpoint?: string; capabilities?: string[] }
  const port = endpoint ? Number(new URL(endpoint).port) : undefined
  await writeLogs(tx, ctx.kernel, [
    {
      agentId,
      level: LEVEL[kind],
      message: `Agent ${agentId} ${kind}`,
      metadata: { ...data, ...(port ? { port } : {}), ...(capabilities ? { capabilities } : {}) },
    },
  ])
}
