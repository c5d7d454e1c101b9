import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeLlm, OBJECT, startFakeLlm } from '../../../../test/_fake-llm.ts'
import { loadConfig } from '../../config/load-config.ts'
import { detectAccess } from '../access.ts'
import type { Delta, ModelCall, Provider } from '../types.ts'
import { openProvider } from './open-provider.ts'

let fake: FakeLlm
beforeAll(async () => {
  fake = await startFakeLlm()
})
afterAll(() => fake.close())

const ENVIRONMENTS: Record<string, () => Record<string, string>> = {
  anthropic: () => ({ LLM_PROVIDER: 'anthropic', ANTHROPIC_API_KEY: 'k-anthropic', LLM_BASE_URL: fake.urls.anthropic }),
  openai: () => ({ LLM_PROVIDER: 'openai', LLM_API_KEY: 'k-openai', LLM_BASE_URL: fake.urls.openai }),
  openai_compatible: () => ({
    LLM_PROVIDER: 'openai-compatible',
    LLM_API_KEY: 'k-comp',
    LLM_BASE_URL: fake.urls.openai,
  }),
  azure: () => ({ LLM_PROVIDER: 'azure', LLM_API_KEY: 'k-azure', LLM_BASE_URL: fake.urls.openai }),
}

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, seats: { type: 'number' } },
  required: ['city', 'seats'],
  additionalProperties: false,
}
const WEATHER = {
  name: 'weather',
  description: 'The weather',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

describe.each(Object.keys(ENVIRONMENTS))('provider %s', (name) => {
  let provider: Provider
  beforeAll(async () => {
    provider = await openProvider(detectAccess(loadConfig({ LLM_MODEL: 'ok', ...ENVIRONMENTS[name]!() }).models))
  })
  const call = (model: string, more: Partial<ModelCall> = {}) =>
    provider.call({
      model,
      system: 'You are short.',
      messages: [{ role: 'user', text: 'Say hello' }],
      maxTokens: 100,
      temperature: 0,
      signal: new AbortController().signal,
      ...more,
    })
  const both = [undefined, (_delta: Delta) => undefined] as const

  it('answers, whole and streamed, with usage', async () => {
    for (const onDelta of both)
      expect(await call('ok', onDelta ? { onDelta } : {})).toEqual({
        text: 'Hello from the fake model',
        toolCalls: [],
        finish: 'stop',
        usage: { inputTokens: name === 'anthropic' ? 14 : 11, cachedInputTokens: 3, outputTokens: 5 },
        model: 'ok',
      })
  })

  it('sends system, prompt, limits and its key', async () => {
    await call('ok', { temperature: 0.5 })
    const { system, text, body, headers } = fake.seen.at(-1)!
    expect([system, text, body.temperature]).toEqual(['You are short.', 'Say hello', 0.5])
    expect(body.max_tokens ?? body.max_output_tokens ?? body.max_completion_tokens).toBe(100)
    expect(JSON.stringify(headers)).toContain('k-')
  })

  it('streams the text as it comes', async () => {
    let text = ''
    await call('ok', { onDelta: (delta) => (text += delta.kind === 'text' ? delta.text : '') })
    expect(text).toBe('Hello from the fake model')
  })

  it('asks for a shape and gives its JSON as text', async () => {
    for (const onDelta of both) {
      const answer = await call('object', { schema: SCHEMA, ...(onDelta && { onDelta }) })
      expect(JSON.parse(answer.text)).toEqual(OBJECT)
      expect(answer.toolCalls).toEqual([])
    }
    expect(fake.seen.at(-1)!.wantsObject).toBe(true)
  })

  it('calls tools and takes their results back', async () => {
    for (const onDelta of both) {
      const first = await call('tool', { tools: [WEATHER], ...(onDelta && { onDelta }) })
      expect(first.finish).toBe('tool-calls')
      expect(first.toolCalls).toEqual([{ id: expect.any(String), name: 'weather', input: { city: 'Oslo' } }])
      const [toolCall] = first.toolCalls
      const second = await call('tool', {
        tools: [WEATHER],
        messages: [
          { role: 'user', text: 'Weather?' },
          { role: 'assistant', text: first.text, toolCalls: first.toolCalls },
          { role: 'tool', results: [{ id: toolCall!.id, name: 'weather', output: '7 degrees' }] },
        ],
      })
      expect(second.text).toBe('The tool said: 7 degrees')
    }
  })

  it.each([
    ['rate-limit', { errorType: 'rate_limited', transient: true, retryAfterMs: 2000 }],
    ['overloaded', { errorType: 'server_error', transient: true, status: 529 }],
    ['unavailable', { errorType: 'server_error', transient: true, status: 503 }],
    ['unauthorized', { name: 'AuthenticationError', transient: false, auth_method: 'direct_api' }],
    ['bad-request', { errorType: 'client_error', transient: false }],
    ['cut-off-connection', { transient: true }],
    ['truncated-json', { errorType: 'server_error', transient: true }],
    ['broken-frame', { errorType: 'server_error', transient: true }],
    ['midstream-error', { errorType: 'server_error', transient: true }],
  ] as const)('%s is an error with a suggestion, whole and streamed', async (model, expected) => {
    for (const onDelta of both) {
      const error = await call(model, onDelta ? { onDelta } : {}).catch((e: unknown) => e)
      expect(error).toMatchObject({ ...expected, suggestion: expect.stringMatching(/\w/) })
      expect(JSON.stringify([(error as Error).message, (error as any).details])).not.toMatch(
        /k-(anthropic|openai|comp|azure)/,
      )
    }
  })

  it('reports a refusal and an answer that was cut off', async () => {
    for (const onDelta of both) {
      expect((await call('refused', onDelta ? { onDelta } : {})).finish).toBe('refused')
      expect((await call('cut-off-answer', onDelta ? { onDelta } : {})).finish).toBe('length')
    }
  })

  it('stops at once when the caller does, and closes the connection', async () => {
    for (const onDelta of both) {
      const stop = new AbortController()
      const before = fake.aborted()
      const asked = fake.seen.length
      const running = call('slow', { signal: stop.signal, ...(onDelta && { onDelta }) })
      await expect.poll(() => fake.seen.length).toBe(asked + 1)
      stop.abort(new Error('enough'))
      await expect(running).rejects.toThrow('enough')
      await expect.poll(() => fake.aborted()).toBe(before + 1)
    }
  })

  it('names a server that is not there', async () => {
    const gone = detectAccess(
      loadConfig({ LLM_MODEL: 'ok', ...ENVIRONMENTS[name]!(), LLM_BASE_URL: 'http://127.0.0.1:1/v1' }).models,
    )
    const away = await openProvider(gone)
    const request = {
      model: 'ok',
      system: '',
      messages: [{ role: 'user' as const, text: 'x' }],
      maxTokens: 5,
      signal: new AbortController().signal,
    }
    await expect(away.call(request)).rejects.toMatchObject({ errorType: 'connection_error', transient: true })
  })
})
