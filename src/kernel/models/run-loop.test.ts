import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { loadConfig } from '../config/load-config.ts'
import { silentLog } from '../telemetry/logger.ts'
import { defineTool, type ToolContext } from '../tools/tool-descriptor.ts'
import { createToolRegistry } from '../tools/tool-registry.ts'
import { createModelGateway } from './gateway.ts'
import { DEFAULT_PROFILE } from './profile.ts'
import { type LoopOptions, type LoopState, runLoop } from './run-loop.ts'
import type { ModelAnswer, ModelCall, Provider } from './types.ts'

type Step = string | { name: string; input: unknown }[]

/** A provider that plays a script; a function sees the call. */
function scripted(script: (Step | ((call: ModelCall) => Step))[]) {
  const calls: ModelCall[] = []
  const provider: Provider = {
    name: 'script',
    async call(call): Promise<ModelAnswer> {
      const next = script[calls.length] ?? 'done'
      calls.push({ ...call, messages: structuredClone(call.messages) as ModelCall['messages'] })
      const step = typeof next === 'function' ? next(call) : next
      const n = calls.length
      return {
        text: typeof step === 'string' ? step : '',
        toolCalls: typeof step === 'string' ? [] : step.map((tool, i) => ({ id: `t${n}.${i}`, ...tool })),
        finish: typeof step === 'string' ? 'stop' : 'tool-calls',
        usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 2 },
        model: 'script',
      }
    },
  }
  const gateway = createModelGateway({ settings: loadConfig({}).models, log: silentLog, provider })
  return { gateway, calls }
}

const ran: string[] = []
const note = defineTool({
  name: 'note',
  title: 'Note',
  description: 'Writes a note',
  input: z.object({ text: z.string() }),
  touches: ['files'],
  approval: 'edits',
  async run(ctx: ToolContext, { text }) {
    ran.push(`${ctx.callId} ${text}`)
    if (text === 'fail') throw new Error('disk full')
    return `noted ${text}`
  },
})

const options = (gateway: LoopOptions['gateway'], more: Partial<LoopOptions> = {}): LoopOptions => {
  ran.length = 0
  return {
    gateway,
    role: 'You take notes.',
    instructions: 'Take notes.',
    input: 'Take two notes, please',
    tools: createToolRegistry([note]),
    contextOf: (call, signal) => ({ callId: call.key, signal }),
    profile: { ...DEFAULT_PROFILE, purpose: 'loop' },
    ...more,
  }
}
const call = (text: string) => ({ name: 'note', input: { text } })

describe('runLoop', () => {
  it('runs tool calls beside each other and gives their answers back in order', async () => {
    const { gateway, calls } = scripted([[call('a'), call('b')], 'All noted'])
    const result = await runLoop(options(gateway))
    expect(result).toMatchObject({ status: 'answered', text: 'All noted', turns: 2, toolCalls: 2 })
    expect(result.usage).toMatchObject({ inputTokens: 20, outputTokens: 4 })
    expect(ran).toEqual(['1.0 a', '1.1 b'])
    expect(calls[1]!.messages.at(-1)).toEqual({
      role: 'tool',
      results: [
        { id: 't1.0', name: 'note', output: 'noted a' },
        { id: 't1.1', name: 'note', output: 'noted b' },
      ],
    })
  })

  it('shows the model the names it was told, and finds the tool behind them', async () => {
    const { gateway, calls } = scripted([[{ name: 'mcp__agent_1_tools__note', input: { text: 'a' } }], 'ok'])
    await runLoop(options(gateway, { nameForModel: (name) => `mcp__agent_1_tools__${name}` }))
    expect(calls[0]!.tools![0]!.name).toBe('mcp__agent_1_tools__note')
    expect(ran).toEqual(['1.0 a'])
  })

  it('lets the model read failures: of the tool, of the input, of the name', async () => {
    const { gateway, calls } = scripted([
      [call('fail'), { name: 'note', input: { text: 5 } }, { name: 'nope', input: {} }],
      'sorry',
    ])
    expect((await runLoop(options(gateway))).status).toBe('answered')
    const { results } = calls[1]!.messages.at(-1) as { results: { output: string; isError: boolean }[] }
    expect(results.map(({ output, isError }) => [output.split(':')[0], isError])).toEqual([
      ['TOOL_FAILED', true],
      ['INVALID_INPUT', true],
      ['TOOL_NOT_FOUND', true],
    ])
  })

  it('ends after its turns, having asked for an answer in the last one', async () => {
    const { gateway, calls } = scripted([[call('a')], [call('b')], [call('c')]])
    const result = await runLoop(options(gateway, { maxTurns: 3 }))
    expect([result.status, result.turns, calls.length]).toEqual(['out-of-turns', 3, 3])
    expect(JSON.stringify(calls[2]!.messages.at(-1))).toContain('last turn')
    expect(JSON.stringify(calls[1]!.messages)).not.toContain('last turn')
  })

  it('stops for a person, and goes on with the answer where it stopped', async () => {
    const { gateway, calls } = scripted([[call('free'), call('asked')], 'done'])
    const first = await runLoop(
      options(gateway, { approve: ({ input }) => ((input as any).text === 'asked' ? 'wait' : 'yes') }),
    )
    expect(first.status).toBe('waiting')
    expect(first.waitingFor).toEqual([{ id: 't1.1', name: 'note', input: { text: 'asked' }, key: '1.1' }])
    expect(ran).toEqual(['1.0 free'])
    const resume = JSON.parse(JSON.stringify(first.state)) as LoopState
    const second = await runLoop(options(gateway, { resume, approve: () => 'yes' }))
    expect([second.status, second.turns, ran]).toEqual(['answered', 2, ['1.1 asked']])
    expect(calls[1]!.messages.at(-1)).toMatchObject({ results: [{ output: 'noted free' }, { output: 'noted asked' }] })
  })

  it('tells the model that a person denied', async () => {
    const { gateway, calls } = scripted([[call('a')], 'ok'])
    await runLoop(options(gateway, { approve: () => ({ denied: 'too expensive' }) }))
    expect(ran).toEqual([])
    expect(calls[1]!.messages.at(-1)).toMatchObject({
      results: [{ output: 'APPROVAL_DENIED: too expensive', isError: true }],
    })
  })

  it('goes on from any checkpoint without repeating a finished call', async () => {
    const script = [[call('a'), call('b')], [call('c')], 'done'] as Step[]
    const saved: LoopState[] = []
    await runLoop(options(scripted(script).gateway, { onCheckpoint: async (state) => void saved.push(state) }))
    expect(saved.length).toBe(6)
    for (const state of saved) {
      const rest = script.slice(state.turns)
      const finished = JSON.stringify(state.messages) + JSON.stringify(state.pending?.results ?? [])
      const { gateway } = scripted(rest)
      const result = await runLoop(options(gateway, { resume: JSON.parse(JSON.stringify(state)) as LoopState }))
      expect(result.status).toBe('answered')
      for (const text of ['a', 'b', 'c'])
        expect(ran.filter((line) => line.endsWith(` ${text}`))).toHaveLength(finished.includes(`noted ${text}`) ? 0 : 1)
    }
  })

  it('cuts long answers of tools', async () => {
    const long = defineTool({ ...note, run: async () => 'x'.repeat(50_000) })
    const { gateway, calls } = scripted([[call('a')], 'ok'])
    await runLoop(options(gateway, { tools: createToolRegistry([long]) }))
    const { results } = calls[1]!.messages.at(-1) as { results: { output: string }[] }
    expect(results[0]!.output).toMatch(/50000 characters in all/)
    expect(results[0]!.output.length).toBeLessThan(21_000)
  })

  it('runs helpers beside each other with the same tools, one level deep', async () => {
    const byJob = (call: ModelCall): Step => {
      const text = JSON.stringify(call.messages)
      if (text.includes('noted')) return 'helper finished'
      return [{ name: 'note', input: { text: text.includes('first part') ? 'one' : 'two' } }]
    }
    const { gateway, calls } = scripted([
      [{ name: 'ask_helpers', input: { prompts: ['do the first part', 'do the second part'] } }],
      byJob,
      byJob,
      byJob,
      byJob,
      'all done',
    ])
    const result = await runLoop(options(gateway, { helpers: true }))
    expect(result.text).toBe('all done')
    expect(ran.sort()).toEqual(['1.0/0/1.0 one', '1.0/1/1.0 two'])
    expect(calls[0]!.tools!.map(({ name }) => name)).toEqual(['note', 'ask_helpers'])
    expect(calls[1]!.tools!.map(({ name }) => name)).toEqual(['note'])
    expect(JSON.stringify(calls[5]!.messages)).toContain('helper finished')
  })

  it('stops when the caller does', async () => {
    const stop = new AbortController()
    const { gateway } = scripted([
      () => {
        stop.abort(new Error('cancelled'))
        return [call('a')]
      },
    ])
    await expect(runLoop(options(gateway, { signal: stop.signal }))).rejects.toThrow('cancelled')
    expect(ran).toEqual([])
  })
})
