import { spawnSync } from 'node:child_process'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { delegate } from '../../src/kernel/agents/delegate.ts'
import { startDispatcher } from '../../src/kernel/agents/dispatcher.ts'
import { type PoolPolicy, registerPool } from '../../src/kernel/agents/pool.ts'
import { ensureBuiltinAgents, registerAgent } from '../../src/kernel/agents/registry.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import type { Db } from '../../src/kernel/db/database.ts'
import { type Engine, startEngine } from '../../src/kernel/runs/engine.ts'
import { hostIdentity } from '../../src/kernel/runs/liveness.ts'
import { type TestKernel, testKernel } from '../_pg.ts'
import { until } from '../_server.ts'

const policy: PoolPolicy = {
  name: 'silent',
  domain: 'silent',
  agentId: /^agent$/,
  maxSlots: 10,
  heartbeatSeconds: 10,
  ttlSeconds: 60,
  noAgentSeconds: 300,
  maxLosses: 1,
  defaultTimeoutSeconds: 60,
  leaseMarginSeconds: 30,
  order: (items) => items,
  choose: (_item, agents, now) => {
    const free = agents.find((agent) => agent.free > 0 && agent.blockedUntil <= now)
    return free ? { agent: free } : { wait: 'agents_busy', retryMs: 20 }
  },
}

let t: TestKernel
let engine: Engine
let agent: http.Server
beforeAll(async () => {
  registerPool(policy)
  t = await testKernel()
  agent = http.createServer(() => undefined) // takes the request and never answers
  await new Promise<void>((listening) => agent.listen(0, '127.0.0.1', listening))
  engine = await startEngine({ kernel: t.kernel, databaseUrl: t.url, role: 'test', poolSize: 4 })
}, 60_000)
afterAll(async () => {
  agent.closeAllConnections()
  agent.close()
  await engine.stop()
  await t[Symbol.asyncDispose]()
})

it('returns what a dead process had claimed and not seen accepted, under the next attempt number', async () => {
  const dying = { ...t.kernel, processId: 'proc_that_dies' }
  await registerAgent(systemCtx(t.kernel), {
    agent_id: 'agent',
    pool: 'silent',
    endpoint: `http://127.0.0.1:${(agent.address() as AddressInfo).port}`,
    capabilities: ['work'],
    slots: 1,
    instance: 'instance-1',
  })
  const { assignments } = await t.db.transaction((tx) =>
    delegate(tx, systemCtx(t.kernel), {
      pool: 'silent',
      domain: 'silent',
      subject: 'silent',
      userId: 'u',
      assignments: [{ key: 'one', capabilities: ['work'], input: {} }],
    }),
  )
  const dispatcher = startDispatcher({
    kernel: dying,
    policy,
    callbackBase: 'http://127.0.0.1:1',
    executeToken: undefined,
  })
  const look = async () =>
    (await t.db.query('select status, attempt, claimer from kernel.assignments where id = $1', [assignments[0]!.id]))
      .rows[0]!
  await until(async () => (await look())['claimer'] === 'proc_that_dies', 10)

  const { pid } = spawnSync(process.execPath, ['-e', '']) // a pid that was ours and is gone
  const { host, bootId } = hostIdentity()
  await t.db.query(
    `insert into kernel.processes (id, role, host, boot_id, pid, lock_key) values ('exec_dead', 'test', $1, $2, $3, 1)`,
    [host, bootId, pid],
  )
  await t.db.query(`insert into kernel.process_names (process_id, executor_id) values ('proc_that_dies', 'exec_dead')`)
  await until(async () => (await look())['attempt'] === 2, 50)
  const { rows } = await t.db.query(
    `select data->>'reason' as reason from kernel.events where stream = 'silent' and type = 'assignment.refused'`,
  )
  expect(rows[0]!['reason']).toBe('the process that dispatched it ended')
  agent.closeAllConnections()
  await dispatcher.stop()
}, 60_000)

it('returns a claim whose answer was lost with the connection as soon as the database answers again', async () => {
  const finished: string[] = []
  const forgetful: PoolPolicy = {
    ...policy,
    name: 'forgetful',
    domain: 'forgetful',
    run: async (_kernel, assignment) => {
      finished.push(`${assignment.key}/${assignment.attempt}`)
      return { status: 'completed', output: {}, executionTime: 0.001 }
    },
  }
  registerPool(forgetful)
  await ensureBuiltinAgents(t.kernel, 'forgetful', [{ id: 'agent', capabilities: ['work'], slots: 5 }])
  const { assignments } = await t.db.transaction((tx) =>
    delegate(tx, systemCtx(t.kernel), {
      pool: 'forgetful',
      domain: 'forgetful',
      subject: 'forgetful',
      userId: 'u',
      assignments: ['one', 'two'].map((key) => ({ key, capabilities: ['work'], input: {} })),
    }),
  )
  let lost = 0
  const db: Db = {
    ...t.db,
    // The first claim commits; its answer does not arrive.
    async transaction(work, options) {
      const value = await t.db.transaction(work, options)
      if ((value as { claimed?: unknown[] } | undefined)?.claimed?.length && lost++ === 0)
        throw new Error('Connection terminated unexpectedly')
      return value
    },
  }
  const dispatcher = startDispatcher({
    kernel: { ...t.kernel, db, processId: 'proc_forgetful' },
    policy: forgetful,
    callbackBase: 'http://127.0.0.1:1',
    executeToken: undefined,
    idleMs: 50,
  })
  await until(async () => {
    const { rows } = await t.db.query(
      `select 1 from kernel.assignments where id = any ($1) and status <> 'completed'`,
      [assignments.map(({ id }) => id)],
    )
    return rows.length === 0
  }, 20)
  expect(lost).toBeGreaterThan(0)
  expect(finished.sort()).toEqual(['one/2', 'two/2'])
  await dispatcher.stop()
}, 60_000)
