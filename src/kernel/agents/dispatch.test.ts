import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type TestKernel, testKernel } from '../../../test/_pg.ts'
import { systemCtx } from '../context.ts'
import { assignmentsOfPlan } from './assignment-store.ts'
import { cancelPlan } from './cancel-plan.ts'
import { completeAll } from './complete.ts'
import { delegate } from './delegate.ts'
import { type Dispatcher, startDispatcher } from './dispatcher.ts'
import { heartbeat } from './heartbeat.ts'
import { monitorPass } from './monitor.ts'
import type { NewAssignment, SettledPlan } from './plan-types.ts'
import { type PoolPolicy, registerPool } from './pool.ts'
import { ensureBuiltinAgents, findAgent, registerAgent } from './registry.ts'
import { retryAssignments } from './retry-assignment.ts'
import { watchClock } from './settle-clock.ts'
import { takeResult } from './take-result.ts'

let t: TestKernel
const settled: SettledPlan[] = []
let dispatcher: Dispatcher | undefined

const policy: PoolPolicy = {
  name: 'test',
  domain: 'test',
  agentId: /^agent_\d+$/,
  maxSlots: 1000,
  heartbeatSeconds: 10,
  ttlSeconds: 60,
  noAgentSeconds: 300,
  maxLosses: 1,
  defaultTimeoutSeconds: 300,
  leaseMarginSeconds: 30,
  order: (items) => [...items].sort((a, b) => b.priority - a.priority || a.queuedAt - b.queuedAt),
  choose(item, agents, now) {
    const capable = agents.filter((agent) => item.capabilities.some((word) => agent.capabilities.includes(word)))
    const free = capable.find(
      (agent) => agent.free > 0 && agent.blockedUntil <= now && !item.excluded.includes(agent.id),
    )
    return free ? { agent: free } : { wait: capable.length > 0 ? 'agents_busy' : 'no_capable_agent', retryMs: 50 }
  },
  run: async (_kernel, assignment) => {
    if (assignment.input['fail']) throw new Error('INVALID_INPUT: asked to fail')
    return { status: 'completed', output: { key: assignment.key }, executionTime: 0.001 }
  },
}

beforeAll(async () => {
  registerPool(policy)
  t = await testKernel({
    hooks: new Map([['test', { onSettled: async (tx, _ctx, plan) => tx.afterCommit(() => settled.push(plan)) }]]),
  })
})
afterEach(async () => {
  await dispatcher?.stop()
  dispatcher = undefined
  settled.length = 0
  await t.db.query('delete from kernel.plans')
  await t.db.query('delete from kernel.agents')
})
afterAll(() => t[Symbol.asyncDispose]())

const start = () => {
  dispatcher = startDispatcher({
    kernel: t.kernel,
    policy,
    callbackBase: 'http://127.0.0.1:1',
    executeToken: undefined,
    idleMs: 100,
  })
}
const plan = (assignments: Partial<NewAssignment>[], subject = 'subject') =>
  t.db.transaction((tx) =>
    delegate(tx, systemCtx(t.kernel), {
      pool: 'test',
      domain: 'test',
      subject,
      userId: 'u',
      assignments: assignments.map((a, i) => ({ key: `k${i}`, capabilities: ['work'], input: {}, ...a })),
    }),
  )
async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (;;) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
const statuses = async (planId: string) =>
  Object.fromEntries((await assignmentsOfPlan(t.db, planId)).map((a) => [a.key, a.status]))
const builtin = () => ensureBuiltinAgents(t.kernel, 'test', [{ id: 'agent_1', capabilities: ['work'], slots: 4 }])

/** An HTTP agent that answers /execute with a given status and remembers what it got. */
async function fakeAgent(status: () => number) {
  const got: Record<string, any>[] = []
  const server = http.createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    if (request.url === '/execute') got.push(JSON.parse(text))
    response.writeHead(request.url === '/health' ? 200 : status()).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
const register = (endpoint: string, instance = 'instance-1', id = 'agent_1') =>
  registerAgent(systemCtx(t.kernel), {
    agent_id: id,
    pool: 'test',
    endpoint,
    capabilities: ['work'],
    slots: 1,
    instance,
  })

describe('dispatch', () => {
  it('runs a graph in order and settles its plan once with every output', async () => {
    await builtin()
    start()
    const { planId } = await plan([{}, { dependsOn: ['k0'] }, { dependsOn: ['k0', 'k1'] }])
    const done = await until(() => settled[0])
    expect(done.assignments.map((a) => [a.key, a.status, a.output])).toEqual([
      ['k0', 'completed', { key: 'k0' }],
      ['k1', 'completed', { key: 'k1' }],
      ['k2', 'completed', { key: 'k2' }],
    ])
    expect(await statuses(planId)).toEqual({ k0: 'completed', k1: 'completed', k2: 'completed' })
    expect((await findAgent(t.db, 'test', 'agent_1'))!.running).toBe(0)
    expect(settled).toHaveLength(1)
  })

  it('blocks every descendant of a failure by its root, lets the rest finish, and unblocks on retry', async () => {
    await builtin()
    start()
    const { planId } = await plan([
      { input: { fail: true } },
      {},
      { dependsOn: ['k0', 'k1'] },
      { dependsOn: ['k1'] },
      { dependsOn: ['k2'] },
    ])
    const first = await until(() => settled[0])
    expect(first.assignments.map((a) => a.status)).toEqual(['failed', 'completed', 'blocked', 'completed', 'blocked'])
    expect(first.assignments[4]!.blocked_by).toEqual(['k0'])
    const failed = first.assignments[0]!
    await t.db.query(`update kernel.assignments set input = '{}' where id = $1`, [failed.id])
    await t.db.transaction((tx) => retryAssignments(tx, systemCtx(t.kernel), planId, [failed.id]))
    await until(() => settled[1])
    expect(Object.values(await statuses(planId))).toEqual([
      'completed',
      'completed',
      'completed',
      'completed',
      'completed',
    ])
  })

  it('completes thousands of assignments without losing one', async () => {
    await ensureBuiltinAgents(t.kernel, 'test', [{ id: 'agent_1', capabilities: ['work'], slots: 500 }])
    start()
    const { planId } = await plan(Array.from({ length: 2000 }, () => ({})))
    await until(() => settled[0])
    expect(new Set(Object.values(await statuses(planId)))).toEqual(new Set(['completed']))
  })

  it('refuses a plan with a cycle and stores nothing', async () => {
    await expect(plan([{ dependsOn: ['k1'] }, { dependsOn: ['k0'] }])).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    })
    expect((await t.db.query('select 1 from kernel.plans')).rows).toHaveLength(0)
  })

  it('pushes to an HTTP agent and takes its result once; an equal repetition gets the first answer', async () => {
    const agent = await fakeAgent(() => 200)
    await register(agent.url)
    start()
    const { planId, assignments } = await plan([{}])
    const got = await until(() => agent.got[0])
    await until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.accepted_at !== null)
    expect(got['callback_token']).toMatch(/^ct_/)
    const current = (await assignmentsOfPlan(t.db, planId))[0]!
    const body = { status: 'completed', output: { n: 1 }, execution_time: 0.5 }
    expect(await takeResult(t.kernel, current, 1, body)).toEqual({
      accepted: true,
      outcome: 'stored',
      subtask_status: 'completed',
    })
    expect(await takeResult(t.kernel, current, 1, body)).toEqual({
      accepted: true,
      outcome: 'stored',
      subtask_status: 'completed',
    })
    expect(await takeResult(t.kernel, current, 1, { ...body, output: { n: 2 } })).toMatchObject({
      accepted: false,
      outcome: 'duplicate',
    })
    expect(settled).toHaveLength(1)
    expect(assignments[0]!.id).toBe(current.id)
    await agent.close()
  })

  it('puts work back when the agent is busy, and counts no attempt', async () => {
    let status = 503
    const agent = await fakeAgent(() => status)
    await register(agent.url)
    start()
    const { planId } = await plan([{}])
    await until(() => agent.got.length > 0)
    await until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.status === 'ready')
    status = 200
    await t.db.query('update kernel.agents set blocked_until = null')
    const started = await until(async () => {
      const [one] = await assignmentsOfPlan(t.db, planId)
      return one?.accepted_at ? one : undefined
    })
    expect([started.attempt, started.started_attempts]).toEqual([1, 1])
    await agent.close()
  })

  it('counts the wait for a capable agent from when the last one went, however long all were busy before', async () => {
    await register('http://127.0.0.1:1')
    await t.db.query('update kernel.agents set running = 1')
    start()
    const { planId } = await plan([{}])
    const waits = (reason: string) =>
      until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.waiting_reason === reason)
    await waits('agents_busy')
    await t.db.query(`update kernel.assignments set waiting_since = now() - interval '1 hour'`)
    await t.db.query('delete from kernel.agents')
    await waits('no_capable_agent')
    await monitorPass(t.kernel, policy)
    expect(await statuses(planId)).toEqual({ k0: 'ready' })
    await t.db.query(`update kernel.assignments set waiting_since = now() - interval '301 seconds'`)
    await monitorPass(t.kernel, policy)
    expect(await statuses(planId)).toEqual({ k0: 'failed' })
  })

  it('goes on under the next attempt number when an agent cannot be reached', async () => {
    const agent = await fakeAgent(() => 200)
    await agent.close()
    await register(agent.url)
    start()
    const { planId } = await plan([{}])
    await until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.attempt === 2)
  })

  it('fails what the agent calls invalid', async () => {
    const agent = await fakeAgent(() => 400)
    await register(agent.url)
    start()
    await plan([{}])
    const done = await until(() => settled[0])
    expect(done.assignments[0]!.error).toMatch(/^INVALID_INPUT: /)
    await agent.close()
  })

  it('requeues the work of a replaced process at the front, and fails it when lost too often', async () => {
    const agent = await fakeAgent(() => 200)
    await register(agent.url, 'instance-1')
    start()
    const { planId } = await plan([{}])
    const accepted = (attempt: number) =>
      until(async () => (await assignmentsOfPlan(t.db, planId)).find((a) => a.accepted_at && a.attempt === attempt))
    await accepted(1)
    expect((await register(agent.url, 'instance-2')).requeued).toEqual(['k0'])
    await accepted(2)
    await register(agent.url, 'instance-3')
    const done = await until(() => settled[0])
    expect(done.assignments[0]!.error).toMatch(/^AGENT_LOST: /)
    await agent.close()
  })

  it('accepts a late result of an earlier attempt while the work still waits', async () => {
    const agent = await fakeAgent(() => 200)
    await register(agent.url)
    start()
    const { planId } = await plan([{}])
    const first = await until(async () => (await assignmentsOfPlan(t.db, planId)).find((a) => a.accepted_at))
    await dispatcher!.stop()
    await register(agent.url, 'instance-2')
    expect((await assignmentsOfPlan(t.db, planId))[0]).toMatchObject({ status: 'ready', attempt: 2 })
    const [outcome] = await completeAll(t.kernel, policy, [
      { assignmentId: first.id, attempt: 1, result: { status: 'completed', output: {}, executionTime: 1 } },
    ])
    expect(outcome).toMatchObject({ accepted: true, outcome: 'stored' })
    await agent.close()
  })

  it('finds an attempt lost that two heartbeats in a row do not report', async () => {
    const agent = await fakeAgent(() => 200)
    await register(agent.url)
    start()
    const { planId } = await plan([{}])
    await until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.accepted_at)
    const row = (await findAgent(t.db, 'test', 'agent_1'))!
    const beat = {
      instance: row.instance,
      is_available: true,
      current_task: null,
      cpu_usage: 1,
      memory_usage: 1,
      process_memory_bytes: 1,
      running: [],
    }
    await heartbeat(t.kernel, row, policy, beat)
    expect((await assignmentsOfPlan(t.db, planId))[0]!.attempt).toBe(1)
    await heartbeat(t.kernel, row, policy, beat)
    expect((await assignmentsOfPlan(t.db, planId))[0]!.attempt).toBe(2)
    await agent.close()
  })

  it('declares a silent agent dead and requeues its work; ends attempts over their limit', async () => {
    const agent = await fakeAgent(() => 200)
    await register(agent.url)
    start()
    const { planId } = await plan([{}])
    await until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.accepted_at)
    await dispatcher!.stop()
    await t.db.query(`update kernel.assignments set lease_until = now() - interval '1 second'`)
    await monitorPass(t.kernel, policy)
    expect((await assignmentsOfPlan(t.db, planId))[0]!.error).toMatch(/^TIMEOUT: exceeded 300 s/)
    await t.db.query(`update kernel.agents set seen_at = now() - interval '61 seconds'`)
    await monitorPass(t.kernel, policy)
    expect((await findAgent(t.db, 'test', 'agent_1'))!.dead_at).not.toBeNull()
    await agent.close()
  })

  it('leaves living agents and attempts alone when the clock goes two hours ahead, and ends what is over later', async () => {
    const agent = await fakeAgent(() => 200)
    await register(agent.url)
    start()
    const { planId } = await plan([{}])
    await until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.accepted_at)
    await dispatcher!.stop()
    const hours = 2 * 3600
    // Two hours passed by the clock of the database and none in truth: what it wrote is two hours old.
    await t.db.query(`update kernel.agents set seen_at = seen_at - interval '2 hours'`)
    await t.db.query(`update kernel.assignments set lease_until = lease_until - interval '2 hours'`)
    await monitorPass(t.kernel, policy, hours)
    await monitorPass(t.kernel, policy, hours) // as another process would
    expect((await findAgent(t.db, 'test', 'agent_1'))!.dead_at).toBeNull()
    const [kept] = await assignmentsOfPlan(t.db, planId)
    expect([kept!.status, kept!.attempt, kept!.losses]).toEqual(['running', 1, 0])
    const { rows } = await t.db.query(
      'select extract(epoch from lease_until - now())::float8 as left from kernel.assignments',
    )
    expect(rows[0]!['left']).toBeGreaterThan(0)
    expect(rows[0]!['left']).toBeLessThanOrEqual(330)
    await t.db.query(`update kernel.assignments set lease_until = now() - interval '1 second'`)
    await monitorPass(t.kernel, policy)
    expect((await assignmentsOfPlan(t.db, planId))[0]!.error).toMatch(/^TIMEOUT/)
    await agent.close()
  })

  it('waits for nothing that was written before the clock went two hours back, and still notices who is silent', async () => {
    const agent = await fakeAgent(() => 200)
    await register(agent.url)
    const { planId } = await plan([{}])
    await t.db.query(`update kernel.assignments set not_before = now() + interval '2 hours'`)
    await t.db.query(
      `update kernel.agents set seen_at = now() + interval '2 hours', blocked_until = now() + interval '2 hours'`,
    )
    await monitorPass(t.kernel, policy)
    start()
    await until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.accepted_at)
    await dispatcher!.stop()
    await t.db.query(`update kernel.assignments set lease_until = lease_until + interval '2 hours'`)
    await monitorPass(t.kernel, policy)
    const { rows } = await t.db.query(
      `select extract(epoch from a.lease_until - now()) <= 330 as lease, g.seen_at <= now() as seen, g.blocked_until as blocked
         from kernel.assignments a, kernel.agents g`,
    )
    expect(rows).toEqual([{ lease: true, seen: true, blocked: null }])
    await agent.close()
  })

  it('tells a clock that was set from time that passed', async () => {
    let passed = 0
    let ahead = 0
    const db = { query: async () => ({ rows: [{ now: 1_000_000 + passed / 1000 + ahead }], rowCount: 1 }) }
    const clock = watchClock({ ...t.kernel, db: db as never }, () => passed)
    const later = async (ms: number, set = 0) => {
      passed += ms
      ahead += set
      return clock.ahead()
    }
    expect([await later(0), await later(3_600_000), await later(5_000, 10), await later(5_000, 7200)]).toEqual([
      0, 0, 0, 7200,
    ])
    expect([await later(5_000), await later(5_000, -7200)]).toEqual([0, 0])
  })

  it('cancels a plan: nothing of it runs or waits, the slot is free', async () => {
    const agent = await fakeAgent(() => 200)
    await register(agent.url)
    start()
    const { planId } = await plan([{}, { dependsOn: ['k0'] }])
    await until(async () => (await assignmentsOfPlan(t.db, planId))[0]!.accepted_at)
    const cancelled = await t.db.transaction((tx) => cancelPlan(tx, systemCtx(t.kernel), planId))
    expect(cancelled).toHaveLength(2)
    expect((await findAgent(t.db, 'test', 'agent_1'))!.running).toBe(0)
    expect(
      (await t.db.query('select 1 from kernel.assignments where status not in ($1)', ['cancelled'])).rows,
    ).toHaveLength(0)
    await agent.close()
  })
})
