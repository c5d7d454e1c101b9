// What holds for work whoever does it: an agent in the server's process, or one behind HTTP that speaks the agent protocol.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assignmentsOfPlan } from '../../src/kernel/agents/assignment-store.ts'
import { cancelPlan } from '../../src/kernel/agents/cancel-plan.ts'
import { delegate } from '../../src/kernel/agents/delegate.ts'
import type { NewAssignment } from '../../src/kernel/agents/plan-types.ts'
import type { PoolPolicy } from '../../src/kernel/agents/pool.ts'
import { ensureBuiltinAgents } from '../../src/kernel/agents/registry.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import type { Kernel } from '../../src/kernel/kernel.ts'
import type { Module } from '../../src/kernel/module.ts'
import { type TestServer, testServer, until } from '../_server.ts'

const SLOTS = 3
const log = { begun: new Map<string, number>(), now: 0, most: 0, stopped: new Set<string>() }

/** The job of either agent: sleeps, doubles, fails or throws as it is told; stops when its signal says so. */
async function work(key: string, input: Record<string, any>, signal: AbortSignal): Promise<Record<string, unknown>> {
  log.begun.set(key, (log.begun.get(key) ?? 0) + 1)
  log.most = Math.max(log.most, ++log.now)
  try {
    await sleep(input['ms'] ?? 1, undefined, { signal })
    if (input['fail']) throw new Error(input['fail'])
    return { doubled: input['n'] * 2 }
  } catch (error) {
    if (signal.aborted) log.stopped.add(key)
    throw signal.aborted ? signal.reason : error
  } finally {
    log.now--
  }
}

const policyOf = (name: string): PoolPolicy => ({
  name,
  domain: name,
  agentId: /^agent$/,
  maxSlots: 10,
  heartbeatSeconds: 10,
  ttlSeconds: 60,
  noAgentSeconds: 300,
  maxLosses: 1,
  defaultTimeoutSeconds: 60,
  leaseMarginSeconds: 0.2,
  order: (items) => [...items].sort((a, b) => b.priority - a.priority || a.queuedAt - b.queuedAt),
  choose: (_item, agents, now) => {
    const free = agents.find((agent) => agent.free > 0 && agent.blockedUntil <= now)
    return free ? { agent: free } : { wait: 'agents_busy', retryMs: 20 }
  },
  cancelRequest: (assignment) => ({ assignment_id: assignment.id }),
  run: async (_kernel, assignment, _agent, signal) => ({
    status: 'completed',
    output: await work(assignment.key, assignment.input, signal),
    executionTime: 0.001,
  }),
})

/** An agent behind HTTP, written against the protocol only. */
async function httpAgent(server: TestServer) {
  const running = new Map<string, AbortController>()
  const agent = http.createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const body = JSON.parse(text || '{}')
    if (request.url === '/cancel') {
      running.get(body.assignment_id)?.abort(new Error('CANCELLED: told so'))
      return response.writeHead(200).end('{}')
    }
    if (running.size >= SLOTS) return response.writeHead(503).end('{}')
    response.writeHead(202).end('{}')
    const controller = new AbortController()
    running.set(body.assignment_id, controller)
    const result = await work(body.input.key, body.input, controller.signal).then(
      (output) => ({ status: 'completed', output, execution_time: 0.001 }),
      (error: Error) => ({
        status: 'failed',
        error: /^[A-Z_]+: /.test(error.message) ? error.message : `INTERNAL: ${error.message}`,
        execution_time: 0.001,
      }),
    )
    running.delete(body.assignment_id)
    await fetch(`${body.callback_url}/result`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${body.callback_token}` },
      body: JSON.stringify(result),
    })
  })
  await new Promise<void>((listening) => agent.listen(0, '127.0.0.1', listening))
  const registered = await server.call('POST', '/v1/agents', {
    agent_id: 'agent',
    pool: 'http',
    endpoint: `http://127.0.0.1:${(agent.address() as AddressInfo).port}`,
    capabilities: ['work'],
    slots: SLOTS,
    instance: 'instance-1',
  })
  if (registered.status !== 201) throw new Error(JSON.stringify(registered.body))
  return () => {
    agent.closeAllConnections()
    agent.close()
  }
}

const builtin: Module = {
  name: 'builtin',
  pools: [policyOf('builtin')],
  start: async (kernel: Kernel) => {
    await ensureBuiltinAgents(kernel, 'builtin', [{ id: 'agent', capabilities: ['work'], slots: SLOTS }])
    return async () => undefined
  },
}

let server: TestServer
let closeAgent: () => void
beforeAll(async () => {
  server = await testServer({ modules: [builtin, { name: 'http', pools: [policyOf('http')] }] })
  closeAgent = await httpAgent(server)
}, 60_000)
afterAll(async () => {
  closeAgent()
  await server[Symbol.asyncDispose]()
})

describe.each(['builtin', 'http'])('an agent: %s', (pool) => {
  const plan = async (assignments: Partial<NewAssignment>[]) => {
    const { planId } = await server.kernel.db.transaction((tx) =>
      delegate(tx, systemCtx(server.kernel), {
        pool,
        domain: pool,
        subject: pool,
        userId: 'u',
        assignments: assignments.map((a, i) => {
          const key = a.key ?? `${pool}-${i}-${Math.random().toString(36).slice(2, 8)}`
          return { capabilities: ['work'], ...a, key, input: { key, n: i, ...a.input } }
        }),
      }),
    )
    return planId
  }
  const of = (planId: string) => assignmentsOfPlan(server.kernel.db, planId)
  const ended = (planId: string) =>
    until(async () => {
      const all = await of(planId)
      return all.every((a) => !['pending', 'ready', 'running'].includes(a.status)) && all
    }, 20)
  const freed = () =>
    until(async () => {
      const { rows } = await server.kernel.db.query('select running from kernel.agents where pool = $1', [pool])
      return rows[0]!['running'] === 0
    }, 20)

  it('completes work and hands its output over', async () => {
    const [one] = await ended(await plan([{ input: { n: 21 } }]))
    expect(one).toMatchObject({ status: 'completed', output: { doubled: 42 }, agent_id: 'agent', attempt: 1 })
    expect(one!.finished_at).not.toBeNull()
  })

  it('does each of forty pieces once and never more at a time than it has slots', async () => {
    log.most = 0
    const all = await ended(await plan(Array.from({ length: 40 }, () => ({ input: { ms: 5 } }))))
    expect(all.map((a) => a.output)).toEqual(Array.from({ length: 40 }, (_, i) => ({ doubled: i * 2 })))
    expect(all.map((a) => log.begun.get(a.key))).toEqual(Array(40).fill(1))
    expect(log.most).toBeLessThanOrEqual(SLOTS)
    await freed()
  }, 60_000)

  it('keeps the code of a failure, and calls a crash INTERNAL', async () => {
    const all = await ended(
      await plan([{ input: { fail: 'INVALID_INPUT: no' } }, { input: { fail: 'something broke' } }]),
    )
    expect(all.map((a) => [a.status, a.error])).toEqual([
      ['failed', 'INVALID_INPUT: no'],
      ['failed', 'INTERNAL: something broke'],
    ])
    await freed()
  })

  it('ends at its time limit, whether or not the agent notices', async () => {
    const [one] = await ended(await plan([{ timeoutSeconds: 1, input: { ms: 30_000 } }]))
    expect(one).toMatchObject({ status: 'failed', error: expect.stringMatching(/^TIMEOUT: exceeded 1 s/) })
    await freed()
    await until(async () => log.stopped.has(one!.key), 50)
  }, 60_000)

  it('stops when its plan is cancelled, and takes new work', async () => {
    const id = await plan([{ input: { ms: 30_000 } }])
    const { key } = (await of(id))[0]!
    await until(async () => log.begun.has(key), 20)
    await server.kernel.db.transaction((tx) => cancelPlan(tx, systemCtx(server.kernel), id))
    await until(async () => log.stopped.has(key), 50)
    await freed()
    expect((await of(id))[0]!.status).toBe('cancelled')
    expect((await ended(await plan([{}])))[0]!.status).toBe('completed')
  }, 60_000)

  it('gets what depends on another’s output only after it, and not at all after its failure', async () => {
    const all = await ended(
      await plan([
        { key: `${pool}-first`, input: { ms: 20 } },
        { key: `${pool}-second`, dependsOn: [`${pool}-first`] },
        { key: `${pool}-bad`, input: { fail: 'INVALID_INPUT: no' } },
        { key: `${pool}-never`, dependsOn: [`${pool}-bad`] },
      ]),
    )
    const [first, second, , never] = all
    expect(second!.started_at!.getTime()).toBeGreaterThanOrEqual(first!.finished_at!.getTime())
    expect(never).toMatchObject({ status: 'blocked', blocked_by: [`${pool}-bad`], output: null })
    expect(log.begun.has(`${pool}-never`)).toBe(false)
  })
})
