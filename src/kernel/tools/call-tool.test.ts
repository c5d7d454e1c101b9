import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '../errors/app-error.ts'
import { callTool, type ToolHook, toMcpContent } from './call-tool.ts'
import { defineTool, exportTool, needsApproval, type PermissionMode, type ToolDescriptor } from './tool-descriptor.ts'
import { createToolRegistry } from './tool-registry.ts'

const context = () => ({ callId: 'c1', signal: new AbortController().signal })

const tool = (run: (args: { n: number }) => Promise<unknown>, more: Partial<ToolDescriptor> = {}) =>
  defineTool({
    name: 'double',
    aliases: ['twice'],
    title: 'Double',
    description: 'Doubles a number',
    input: z.object({ n: z.number().default(1) }),
    touches: [],
    approval: 'never',
    run: (_ctx, args) => run(args),
    ...more,
  })

const call = (descriptor: ToolDescriptor, args: unknown = { n: 2 }, hooks: ToolHook[] = [], slept: number[] = []) =>
  callTool('double', args, context(), {
    registry: createToolRegistry([descriptor]),
    hooks,
    now: () => 0,
    sleep: async (ms) => void slept.push(ms),
  })

describe('callTool', () => {
  it('parses the input, runs, and returns the value', async () => {
    const double = tool(async ({ n }) => ({ value: n * 2 }))
    expect(await call(double)).toEqual({
      ok: true,
      value: { value: 4 },
      attempts: 1,
      durationMs: 0,
      usedFallback: false,
    })
    expect(await call(double, {})).toMatchObject({ value: { value: 2 } })
    const byAlias = await callTool('twice', { n: 5 }, context(), { registry: createToolRegistry([double]) })
    expect(byAlias).toMatchObject({ ok: true, value: { value: 10 } })
  })

  it('makes every failure an outcome', async () => {
    const refusing = tool(async () => Promise.reject(new AppError('FILE_NOT_FOUND', 'no such file')))
    expect(await call(refusing)).toMatchObject({ ok: false, code: 'FILE_NOT_FOUND', message: 'no such file' })
    const breaking = tool(async () => Promise.reject(new TypeError('boom')))
    expect(await call(breaking)).toMatchObject({ ok: false, code: 'TOOL_FAILED', message: 'boom' })
    expect(await call(breaking, { n: 'x' })).toMatchObject({ ok: false, code: 'INVALID_INPUT', attempts: 0 })
    const unknown = await callTool('nope', {}, context(), { registry: createToolRegistry([breaking]) })
    expect(unknown).toMatchObject({ ok: false, code: 'TOOL_NOT_FOUND', message: expect.stringContaining('double') })
    const wrong = tool(async () => ({ value: 'text' }), { output: z.object({ value: z.number() }) })
    expect(await call(wrong)).toMatchObject({ ok: false, code: 'INVALID_OUTPUT' })
  })

  it('asks hooks in order, tells them in reverse, and lets one refuse', async () => {
    const seen: string[] = []
    const hook = (name: string, refuse = false): ToolHook => ({
      name,
      before: () => {
        seen.push(`before ${name}`)
        return refuse ? { code: 'APPROVAL_DENIED', message: 'no' } : undefined
      },
      after: (_call, outcome) => void seen.push(`after ${name} ${outcome.ok}`),
    })
    let ran = 0
    const counted = tool(async () => ++ran)
    expect(await call(counted, { n: 1 }, [hook('a'), hook('b', true), hook('c')])).toMatchObject({
      ok: false,
      code: 'APPROVAL_DENIED',
    })
    expect([ran, seen]).toEqual([0, ['before a', 'before b', 'after c false', 'after b false', 'after a false']])
  })

  it('retries what is transient with growing pauses, then falls back', async () => {
    const retry = { maxAttempts: 3, backoffMs: 500, factor: 2 }
    let tries = 0
    const flaky = tool(
      async () => (++tries < 3 ? Promise.reject(Object.assign(new Error('busy'), { status: 503 })) : 'done'),
      { retry },
    )
    const slept: number[] = []
    expect(await call(flaky, {}, [], slept)).toMatchObject({ ok: true, value: 'done', attempts: 3 })
    expect(slept).toEqual([500, 1000])
    const down = tool(async () => Promise.reject(Object.assign(new Error('busy'), { status: 503 })), {
      retry,
      fallback: async () => 'offline catalogue',
    })
    expect(await call(down)).toMatchObject({ ok: true, value: 'offline catalogue', attempts: 3, usedFallback: true })
    const wrong = tool(async () => Promise.reject(Object.assign(new Error('bad'), { status: 400 })), { retry })
    expect(await call(wrong)).toMatchObject({ ok: false, attempts: 1 })
  })

  it('stops a tool that takes too long and tells it', async () => {
    let told: unknown
    const slow: ToolDescriptor = {
      ...tool(async () => undefined, { timeoutMs: 10 }),
      run: (ctx) => new Promise(() => ctx.signal.addEventListener('abort', () => (told = ctx.signal.reason))),
    }
    expect(await call(slow)).toMatchObject({ ok: false, code: 'TOOL_TIMEOUT' })
    expect(told).toMatchObject({ code: 'TOOL_TIMEOUT' })
  })

  it('throws only when the caller stops', async () => {
    const stop = new AbortController()
    const registry = createToolRegistry([
      tool(async () => {
        stop.abort(new Error('cancelled'))
        throw new Error('interrupted')
      }),
    ])
    await expect(callTool('double', {}, { callId: 'c', signal: stop.signal }, { registry })).rejects.toThrow(
      'cancelled',
    )
  })
})

describe('tools as data', () => {
  it.each([
    ['auto', [false, false, false, true]],
    ['bypassPermissions', [false, false, false, false]],
    ['approveEdits', [false, false, true, true]],
    ['approveAll', [false, true, true, true]],
  ] as [PermissionMode, boolean[]][])('in mode %s the kinds of approval wait: %j', (mode, waits) => {
    const kinds = ['exempt', 'never', 'edits', 'always'] as const
    expect(
      kinds.map((approval) =>
        needsApproval(
          mode,
          tool(async () => 0, { approval }),
          {},
        ),
      ),
    ).toEqual(waits)
  })

  it('lets approval depend on the arguments', () => {
    const http = tool(async () => 0, { approval: (args: any) => (args.method === 'GET' ? 'never' : 'edits') })
    expect(needsApproval('approveEdits', http, { method: 'GET' })).toBe(false)
    expect(needsApproval('approveEdits', http, { method: 'POST' })).toBe(true)
  })

  it('exports JSON schema', () => {
    expect(exportTool(tool(async () => 0))).toMatchObject({
      name: 'double',
      inputSchema: { type: 'object', properties: { n: { type: 'number', default: 1 } } },
      readOnly: true,
    })
  })

  it('refuses two tools with one name', () => {
    expect(() => createToolRegistry([tool(async () => 0), tool(async () => 0, { name: 'other' })])).toThrow(/twice/)
  })

  it('becomes MCP content', () => {
    const base = { durationMs: 1, attempts: 1, usedFallback: false }
    expect(toMcpContent({ ...base, ok: true, value: { a: 1 } })).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
      structuredContent: { a: 1 },
    })
    expect(toMcpContent({ ...base, ok: false, code: 'X', message: 'y' })).toMatchObject({ isError: true })
  })
})
