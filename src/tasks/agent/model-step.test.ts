import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../kernel/config/load-config.ts'
import { ModelError } from '../../kernel/models/errors.ts'
import type { TurnRequest } from '../../kernel/models/model-turn.ts'
import { runScope } from '../../kernel/models/run-scope.ts'
import { type FakeServer, startFakeServer } from './_fake-server.ts'
import { createAgentLog } from './agent-log.ts'
import { createModelStep } from './model-step.ts'
import { startAgent } from './start-agent.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

type Answer = { text?: string; toolCalls?: { name: string; input: unknown }[] } | Error
const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costUsd: undefined }
const SONNET = 'Write a sonnet about the sea'

/** An agent whose model gives the answers of a script, one a turn. */
async function setup(
  script: Answer[],
  { env = {}, maxTurns = 50 }: { env?: Record<string, string>; maxTurns?: number } = {},
) {
  const server = await startFakeServer()
  open.push(() => server[Symbol.asyncDispose]())
  const asked: TurnRequest[] = []
  const turn = async (request: TurnRequest) => {
    asked.push(structuredClone({ ...request, signal: undefined, budget: undefined, onDelta: undefined }))
    const answer = script[asked.length - 1] ?? { text: 'nothing more' }
    if (answer instanceof Error) throw answer
    runScope.getStore()?.onTurn?.({
      ...{ runId: undefined, profile: request.profile, provider: 'stub', model: 'stub', outcome: 'ok', usage },
      ...{ estimate: { tokens: 9, usd: undefined }, durationMs: 5 },
    })
    const toolCalls = (answer.toolCalls ?? []).map((call, at) => ({ id: `${asked.length}-${at}`, ...call }))
    return {
      answer: { text: answer.text ?? '', toolCalls, finish: 'stop', usage, model: 'stub' },
      usage,
      attempts: [],
      cached: false,
    }
  }
  const budgets: unknown[] = []
  const newBudget = (...given: unknown[]) => {
    budgets.push(given)
    return { reserve: () => ({ maxTokens: 1, settle: () => undefined }) }
  }
  const gateway = { turn, newBudget }
  const model = createModelStep({
    gateway: async () => gateway as never,
    agentId: 'agent_1',
    capabilities: ['data_analysis', 'code_generation'],
    maxTurns,
    enableShell: false,
  })
  const config = loadConfig({ AGENT_ID: 'agent_1', AGENT_PORT: '0', ORCHESTRATOR_URL: server.url, ...env })
  const agent = await startAgent({ config, model, log: createAgentLog('silent') })
  open.push(() => agent.stop(0))
  await server.waitFor(({ path }) => path === '/v1/agents')
  return { server, asked, budgets, agent, run: runner(server, agent.port) }
}

const runner =
  (server: FakeServer, port: number) =>
  async (description: string, more: object = {}, subtask: object = {}) => {
    const work = server.work(description, more as never, { required_capabilities: ['code_generation'], ...subtask })
    await fetch(`http://127.0.0.1:${port}/execute`, { method: 'POST', body: JSON.stringify(work) })
    return (await server.waitFor(({ path }) => path.endsWith('/result'))).body
  }

const tools = (reply: (name: string, args: any) => object) => (call: { path: string; body: any }) => {
  const [, name] = /\/tools\/(.+)$/.exec(call.path) ?? []
  return name ? { json: reply(name, call.body.arguments) } : undefined
}
const text = (value: unknown) => ({
  content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }],
})
const named = (tool: string) => `mcp__agent_1_tools__${tool}`

describe('a step with tools', () => {
  it.each([
    [{ model: 'another-model' }, 'another-model'],
    [{}, undefined],
  ])('is done by the model of its task: %j', async (task_context, model) => {
    const { asked, run } = await setup([{ text: '<p>Done</p>' }])
    expect((await run(SONNET, { task_context })).status).toBe('completed')
    expect(asked.map(({ profile }) => profile.model)).toEqual([model])
  })

  it('tells the model who it is, what to do and what there is', async () => {
    const { asked, run } = await setup([{ text: '<h2>Summary</h2><p>Done</p>' }])
    const previous_results = {
      s1: { success: true, summary: 'Found 3', data: { n: 3 } },
      s2: { success: true, summary: 'Much', data: { text: 'x'.repeat(9000) } },
    }
    await run(
      SONNET,
      { task_context: { previous_results, attachments: [{ filename: 'a.csv', mime_type: 'text/csv', file_size: 9 }] } },
      { dependencies: ['s1', 's2'] },
    )
    const { system, messages, tools: offered } = asked[0]!
    const user = JSON.stringify(messages)
    for (const part of [
      'agent_1',
      'code_generation',
      'subtask_0123456789ab/result.json',
      '"success"',
      'HTML',
      named('read_file'),
    ])
      expect(system).toContain(part)
    for (const part of [SONNET, 'Found 3', 'context/previous_results.s2.json', 'uploads/a.csv (text/csv, 9 bytes)'])
      expect(user).toContain(part)
    expect(user).not.toContain('x'.repeat(9000))
    const names = offered!.map(({ name }) => name)
    expect(names).toContain(named('database_query'))
    expect(names).not.toContain(named('web_search'))
    expect(names).not.toContain(named('shell'))
  })
  it('runs its tools in the server and takes the result it saved', async () => {
    const saved = {
      success: true,
      data: { lines: 14 },
      summary: 'A sonnet of 14 lines',
      files_created: ['output/sonnet.txt'],
      next_steps: 'Read it aloud',
    }
    const { server, asked, run } = await setup([
      {
        text: 'I look first.',
        toolCalls: [
          { name: named('list_files'), input: {} },
          { name: named('database_query'), input: { query: 'SELECT 1' } },
        ],
      },
      {
        toolCalls: [
          { name: named('write_file'), input: { path: 'sonnet.txt', content: 'O sea' } },
          {
            name: named('write_file'),
            input: { path: 'subtask_0123456789ab/result.json', content: JSON.stringify(saved) },
          },
        ],
      },
      { text: '<h2>Summary</h2><p>A sonnet</p>' },
    ])
    server.answer(
      tools((name, args) => {
        if (name === 'write_file') server.files.set(`output/${args.path}`, Buffer.from(args.content))
        return text({ ok: name })
      }),
    )
    const result = await run(SONNET)
    expect(result).toMatchObject({
      status: 'completed',
      output: {
        success: true,
        data: { lines: 14 },
        summary: 'A sonnet of 14 lines',
        result: '<h2>Summary</h2><p>A sonnet</p>',
        files_created: ['output/sonnet.txt'],
        next_steps: 'Read it aloud',
      },
    })
    const calls = server.calls.filter(({ path }) => path.includes('/tools/'))
    expect(new Set(calls.map(({ body }) => body.call_id)).size).toBe(4)
    expect(JSON.stringify(asked[1]!.messages)).toContain('database_query')
  })
  it('uses the text when no result was saved', async () => {
    const { run } = await setup([{ text: '<h2>Title</h2><p>O sea, O sea</p>' }])
    expect(await run(SONNET)).toMatchObject({
      output: {
        data: {},
        summary: 'Title O sea, O sea',
        result: '<h2>Title</h2><p>O sea, O sea</p>',
        files_created: [],
      },
    })
  })
  it('shows the model a failing tool and goes on', async () => {
    const { server, asked, run } = await setup([
      {
        toolCalls: [
          { name: named('database_query'), input: { query: 'DROP TABLE x' } },
          { name: 'unknown', input: {} },
          { name: named('read_file'), input: {} },
        ],
      },
      { text: 'Sorry' },
    ])
    server.answer(tools(() => ({ ...text('SQL_NOT_ALLOWED: only reading'), isError: true })))
    expect(await run(SONNET)).toMatchObject({ status: 'completed' })
    const answers = JSON.stringify(asked[1]!.messages.at(-1))
    for (const part of ['SQL_NOT_ALLOWED: only reading', 'TOOL_NOT_FOUND', 'INVALID_INPUT'])
      expect(answers).toContain(part)
  })
  it('ends after the allowed turns', async () => {
    const again = { toolCalls: [{ name: named('log_progress'), input: { message: 'x' } }] }
    const { server, run } = await setup([again, again, again], { maxTurns: 2 })
    server.answer(tools(() => text('logged')))
    expect(await run(SONNET)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/^MODEL_ERROR: .*2 turns/),
    })
  })
})

describe('checkpoints', () => {
  it('are saved after each tool call and carry on in another attempt', async () => {
    const first = await setup([
      { toolCalls: [{ name: named('write_file'), input: { path: 'a.txt', content: 'x' } }] },
      { text: 'Done' },
    ])
    first.server.answer(tools(() => text('{}')))
    await first.run(SONNET)
    const saved = first.server.seen('/checkpoint').map(({ body }) => body.state)
    const afterTool = saved.find((state) => state.files.length === 1)
    expect(afterTool).toMatchObject({ kind: 'model-loop', loop: { turns: 1 }, files: ['output/a.txt'] })

    const second = await setup([{ text: 'Continued' }])
    const model_budget = { usd: 0.5 }
    const result = await second.run(SONNET, { attempt: 2, task_context: { checkpoint: saved.at(-2), model_budget } })
    expect(result.output).toMatchObject({ result: 'Continued', files_created: ['output/a.txt'] })
    expect(second.asked[0]!.messages.some(({ role }) => role === 'tool')).toBe(true)
    // What the first attempt used counts against the budget, and is told again by the one that ends.
    expect(second.budgets).toEqual([[{ tokens: 2, usd: 0, turns: 1 }, { usd: 0.5 }]])
    expect(result.model_calls).toHaveLength(2)
    expect(result.model_calls[0]).toEqual(afterTool.calls[0])
  })
  it('go to a file when they are large', async () => {
    const { server, run } = await setup([
      { toolCalls: [{ name: named('read_file'), input: { path: 'x' } }] },
      { toolCalls: Array.from({ length: 40 }, () => ({ name: named('read_file'), input: { path: 'x' } })) },
      { text: 'Done' },
    ])
    server.answer(tools(() => text('y'.repeat(30_000))))
    await run(SONNET)
    const file = 'temp/checkpoints/subtask_0123456789ab.json'
    expect(server.seen('/checkpoint').at(-1)!.body.state).toEqual({ kind: 'model-loop', file })
    const next = await setup([{ text: 'Continued' }])
    next.server.files.set(file, server.files.get(file)!)
    const again = await next.run(SONNET, { task_context: { checkpoint: { kind: 'model-loop', file } } })
    expect(again.output.result).toBe('Continued')
    expect(next.asked[0]!.messages.length).toBeGreaterThan(3)
  })
})

describe('skills and model', () => {
  const away = new ModelError('MODEL_UNAVAILABLE', 'server_error', 'The provider is away.', {
    suggestion: 'Try later.',
  })
  it('runs exact skills before the model, unless told otherwise', async () => {
    const skill = await setup([])
    expect(
      (await skill.run('Calculate factorial of 10', {}, { required_capabilities: ['data_analysis'] })).output.data,
    ).toEqual({ factorial_10: 3628800 })
    expect(skill.asked).toHaveLength(0)
    const model = await setup([{ text: 'By model' }], { env: { SKILLS_FIRST: 'false' } })
    expect(
      (await model.run('Calculate factorial of 10', {}, { required_capabilities: ['data_analysis'] })).output.result,
    ).toBe('By model')
  })
  it('lets the model do what a skill is only confident of, and the skill when the model fails', async () => {
    const context = { task_context: { previous_results: { s1: { success: true, summary: 'x', data: { a: 1 } } } } }
    const good = await setup([{ text: 'By model' }])
    expect((await good.run('combine results', context, { dependencies: ['s1'] })).output.result).toBe('By model')
    const bad = await setup([away])
    const { output } = await bad.run('combine results', context, { dependencies: ['s1'] })
    expect(output).toMatchObject({ data: { combined: { a: 1 } }, made_without_model: true })
  })
  it('fails with MODEL_ERROR and what to do when nothing else fits', async () => {
    const { run } = await setup([away])
    expect(await run(SONNET)).toMatchObject({
      status: 'failed',
      error: 'MODEL_ERROR: The provider is away. Try later.',
    })
  })
  it('says in its health that a model is configured', async () => {
    const { agent } = await setup([])
    expect(await (await fetch(`http://127.0.0.1:${agent.port}/health`)).json()).toMatchObject({
      model_configured: true,
    })
  })
})
