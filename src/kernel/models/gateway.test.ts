import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defaultReply, type FakeLlm, OBJECT, startFakeLlm } from '../../../test/_fake-llm.ts'
import { loadConfig } from '../config/load-config.ts'
import { createLogger } from '../telemetry/logger.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { createModelGateway, type GatewayOptions } from './gateway.ts'
import { defineProfile } from './profile.ts'
import type { Attempt, GenerateRequest } from './types.ts'

let fake: FakeLlm
beforeAll(async () => {
  fake = await startFakeLlm()
})
beforeEach(() => {
  fake.reply = defaultReply
  fake.seen.length = 0
})
afterAll(() => fake.close())

const Seats = z.object({ city: z.string(), seats: z.number() })
type Seats = z.infer<typeof Seats>
const profile = defineProfile('test', { timeoutMs: 2000 })
let unique = 0
/** The fake counts per model id: each test names its own. */
const modelOf = (fault: string, times?: number) => `${fault}-t${++unique}${times ? `-${times}` : ''}`

function gatewayFor(model: string, env: Record<string, string> = {}, more: Partial<GatewayOptions> = {}) {
  const lines: string[] = []
  const slept: number[] = []
  const metrics = createMetrics()
  const gateway = createModelGateway({
    settings: loadConfig({
      LLM_PROVIDER: 'openai_compatible',
      LLM_API_KEY: 'k-secret-key',
      LLM_BASE_URL: fake.urls.openai,
      LLM_MODEL: model,
      ...env,
    }).models,
    log: createLogger({ level: 'debug', write: (line) => lines.push(line) }),
    metrics,
    random: () => 0.5,
    sleep: async (ms) => void slept.push(ms),
    ...more,
  })
  return { gateway, lines, slept, metrics }
}
const request = (more: Partial<GenerateRequest<Seats>> = {}): GenerateRequest<Seats> => ({
  role: 'You know venues.',
  instructions: 'Name a venue.',
  input: 'A venue for forty people please',
  schema: Seats,
  profile,
  ...more,
})
const craft = () => ({ city: 'Craft', seats: 1 })

describe('generate', () => {
  it('gives a checked value from the model, with usage and trace', async () => {
    const { gateway, metrics } = gatewayFor(modelOf('ok'))
    const result = await gateway.generate(request({ craft }))
    expect(result).toMatchObject({
      value: OBJECT,
      source: 'model',
      usage: { inputTokens: 11, outputTokens: 5 },
      trace: { repaired: false, attempts: [{ number: 1, outcome: 'ok' }] },
    })
    expect(await metrics.text()).toContain('model_calls_total{purpose="test",outcome="ok"} 1')
  })

  it('gives text when no shape is asked for', async () => {
    const { gateway } = gatewayFor(modelOf('ok'))
    const result = await gateway.generate({ role: 'r', instructions: 'i', input: 'Say hello to all', profile })
    expect(result.value).toBe('Hello from the fake model')
  })

  it('repeats after failures with growing pauses, then succeeds', async () => {
    const { gateway, slept } = gatewayFor(modelOf('unavailable', 2))
    const attempts: Attempt[] = []
    const result = await gateway.generate(request({ onAttempt: (attempt) => attempts.push(attempt) }))
    expect(result.value).toEqual(OBJECT)
    expect(slept).toEqual([1000, 2000])
    expect(attempts.map(({ outcome, willRetry }) => [outcome, willRetry])).toEqual([
      ['server_error', true],
      ['server_error', true],
      ['ok', false],
    ])
  })

  it('waits as long as Retry-After says', async () => {
    const { gateway, slept } = gatewayFor(modelOf('rate-limit', 1))
    await gateway.generate(request())
    expect(slept).toEqual([2000])
  })

  it('goes on with the backup model', async () => {
    const backup = modelOf('ok')
    const { gateway, slept } = gatewayFor(modelOf('overloaded'), { LLM_BACKUP_MODEL: backup })
    const result = await gateway.generate(request({ profile: { ...profile, retries: 1 } }))
    expect([result.source, result.trace.model]).toEqual(['model', backup])
    expect(slept).toEqual([1000])
    expect(fake.seen).toHaveLength(3)
  })

  it.each([
    ['unauthorized', 'MODEL_AUTHENTICATION', 1],
    ['bad-request', 'MODEL_REQUEST_REFUSED', 1],
    ['refused', 'MODEL_REFUSED', 1],
    ['overloaded', 'MODEL_UNAVAILABLE', 4],
    ['truncated-json', 'MODEL_UNAVAILABLE', 4],
    ['cut-off-connection', 'MODEL_UNAVAILABLE', 4],
    ['rate-limit', 'MODEL_RATE_LIMITED', 4],
    ['wrong-schema', 'MODEL_INVALID_ANSWER', 2],
    ['not-json', 'MODEL_INVALID_ANSWER', 2],
    ['empty', 'MODEL_INVALID_ANSWER', 2],
    ['cut-off-answer', 'MODEL_INVALID_ANSWER', 2],
  ])('%s: the craft takes over with the reason %s after %i calls', async (fault, code, calls) => {
    const { gateway, lines } = gatewayFor(modelOf(fault))
    const result = await gateway.generate(request({ craft }))
    expect(result).toMatchObject({ value: craft(), source: 'craft', reason: { code, suggestion: expect.any(String) } })
    expect(fake.seen).toHaveLength(calls)
    expect(gateway.status().lastFailure?.code).toBe(code)
    expect(lines.join('')).toContain('the craft takes over')
    expect(lines.join('')).not.toMatch(/k-secret-key|forty people/)
  })

  it('throws the same without a craft', async () => {
    const { gateway } = gatewayFor(modelOf('unauthorized'))
    await expect(gateway.generate(request())).rejects.toMatchObject({
      name: 'AuthenticationError',
      auth_method: 'direct_api',
      suggestion: expect.stringContaining('key'),
    })
  })

  it('shows the model its mistakes once', async () => {
    const { gateway } = gatewayFor(modelOf('wrong-schema', 1))
    const result = await gateway.generate(request({ craft }))
    expect([result.value, result.trace.repaired, result.usage.inputTokens]).toEqual([OBJECT, true, 22])
    expect(fake.seen[1]!.text).toMatch(/city: .*\n- seats: /)
    expect(fake.seen[1]!.body.messages.at(-2)).toMatchObject({ role: 'assistant' })
  })

  it('repairs what the domain refuses, not only the shape', async () => {
    let asked = 0
    fake.reply = () => ({ text: JSON.stringify({ city: 'Oslo', seats: asked++ === 0 ? 5 : 50 }) })
    const { gateway } = gatewayFor(modelOf('ok'))
    const result = await gateway.generate(
      request({ check: async ({ seats }) => (seats < 40 ? ['seats: at least 40 are needed'] : []) }),
    )
    expect(result.value.seats).toBe(50)
    expect(fake.seen[1]!.text).toContain('at least 40 are needed')
  })

  it('asks again instead of repairing where the caller wants that', async () => {
    const { gateway, slept } = gatewayFor(modelOf('not-json', 2))
    const attempts: string[] = []
    const retrying = { ...profile, onInvalid: 'retry' as const }
    const result = await gateway.generate(
      request({ profile: retrying, onAttempt: ({ outcome }) => attempts.push(outcome) }),
    )
    expect([result.value, result.trace.repaired]).toEqual([OBJECT, false])
    expect(attempts).toEqual(['invalid_response', 'invalid_response', 'ok'])
    expect(slept).toHaveLength(2)
  })

  it('takes JSON out of prose', async () => {
    const { gateway } = gatewayFor(modelOf('fenced'))
    expect((await gateway.generate(request())).value).toEqual(OBJECT)
  })

  it('reads an array where an array is wanted', async () => {
    fake.reply = () => ({ text: 'Steps: [{"n":1},{"n":2}]' })
    const { gateway } = gatewayFor(modelOf('ok'))
    const Steps = z.array(z.object({ n: z.number() }))
    const result = await gateway.generate({
      role: 'r',
      instructions: 'i',
      input: 'Do two things',
      schema: Steps,
      profile,
    })
    expect(result.value).toEqual([{ n: 1 }, { n: 2 }])
  })

  it.each(['no-temperature', 'no-schema'])('learns what a model does not accept: %s', async (fault) => {
    fake.reply = () => ({ text: JSON.stringify(OBJECT) })
    const { gateway, slept } = gatewayFor(modelOf(fault))
    expect((await gateway.generate(request())).source).toBe('model')
    await gateway.generate(request())
    expect([fake.seen.length, slept]).toEqual([3, []])
  })

  it('ends an attempt that takes too long', async () => {
    const { gateway } = gatewayFor(modelOf('slow'))
    const hasty = { ...profile, timeoutMs: 50, retries: 1 }
    const result = await gateway.generate(request({ profile: hasty, craft }))
    expect(result.reason).toMatchObject({
      code: 'MODEL_TIMEOUT',
      suggestion: expect.stringContaining('LLM_TIMEOUT_SECONDS'),
    })
    expect(fake.seen).toHaveLength(2)
  })

  it('throws the abort of the caller, craft or not', async () => {
    const stop = new AbortController()
    const { gateway } = gatewayFor(modelOf('slow'))
    const running = gateway.generate(request({ craft, signal: stop.signal }))
    await expect.poll(() => fake.seen.length).toBe(1)
    stop.abort(new Error('cancelled'))
    await expect(running).rejects.toThrow('cancelled')
  })

  it('goes straight to the craft when nothing is configured', async () => {
    const { gateway, lines } = gatewayFor('', { LLM_PROVIDER: 'none' })
    const result = await gateway.generate(request({ craft }))
    expect(result).toMatchObject({ source: 'craft', reason: { code: 'MODEL_NOT_CONFIGURED' } })
    await expect(gateway.generate(request())).rejects.toMatchObject({
      name: 'ModelNotConfiguredError',
      suggestion: expect.any(String),
    })
    expect([gateway.status().configured, gateway.status().method, lines]).toEqual([false, 'none', []])
  })

  it('refuses an empty prompt before any call', async () => {
    const { gateway } = gatewayFor(modelOf('ok'))
    await expect(gateway.generate(request({ input: '  ' }))).rejects.toMatchObject({ code: 'MODEL_PROMPT_INVALID' })
    await expect(gateway.generate(request({ input: 'x'.repeat(100_001) }))).rejects.toMatchObject({
      code: 'MODEL_PROMPT_INVALID',
    })
    expect(fake.seen).toEqual([])
  })

  it('makes one attempt while the provider is known to be away', async () => {
    let now = 0
    const { gateway, slept } = gatewayFor('x', { LLM_BASE_URL: 'http://127.0.0.1:1/v1' }, { now: () => now })
    await gateway.generate(request({ craft }))
    expect(slept).toHaveLength(3)
    await gateway.generate(request({ craft }))
    expect(slept).toHaveLength(3)
    now = 60_000
    await gateway.generate(request({ craft }))
    expect(slept).toHaveLength(6)
  })

  it('keeps the budget of a run and tells what was spent', async () => {
    const { gateway } = gatewayFor(modelOf('ok'), {
      LLM_BUDGET_TOKENS: '1000',
      LLM_PRICE_INPUT: '1',
      LLM_PRICE_OUTPUT: '2',
    })
    const budget = gateway.newBudget()
    const first = await gateway.generate(request({ budget, craft }))
    expect(first.usage.costUsd).toBeCloseTo((8 + 3 * 1 + 5 * 2) / 1e6)
    expect(budget.spent()).toMatchObject({ tokens: 16, turns: 1 })
    expect(fake.seen[0]!.body.max_tokens).toBeLessThan(1000)
    const small = gateway.newBudget({ tokens: 990, usd: 0, turns: 1 })
    expect((await gateway.generate(request({ budget: small, craft }))).reason?.code).toBe('MODEL_BUDGET_EXCEEDED')
    expect(fake.seen).toHaveLength(1)
  })

  it('estimates before', () => {
    const { gateway } = gatewayFor('m', { LLM_PRICE_INPUT: '1', LLM_PRICE_OUTPUT: '2' })
    const { inputTokens, maxOutputTokens, costUsd } = gateway.estimate(request())
    expect([inputTokens > 20, maxOutputTokens]).toEqual([true, 4096])
    expect(costUsd).toBeCloseTo((inputTokens + 4096 * 2) / 1e6)
  })

  it('answers identical questions from memory for as long as the caller allows', async () => {
    let now = 0
    const { gateway } = gatewayFor(modelOf('ok'), {}, { now: () => now })
    const caching = { ...profile, cacheMs: 1000 }
    await gateway.generate(request({ profile: caching }))
    const again = await gateway.generate(request({ profile: caching }))
    expect([again.trace.cached, again.value, again.usage.inputTokens]).toEqual([true, OBJECT, 0])
    await gateway.generate(request({ profile: caching, input: 'Another venue for fifty' }))
    now = 2000
    await gateway.generate(request({ profile: caching }))
    expect(fake.seen).toHaveLength(3)
  })

  it('keeps to the number of calls at a time', async () => {
    let running = 0
    let most = 0
    fake.reply = async () => {
      most = Math.max(most, ++running)
      await new Promise((done) => setTimeout(done, 5))
      running--
      return { text: JSON.stringify(OBJECT) }
    }
    const { gateway } = gatewayFor(modelOf('ok'), { LLM_MAX_CONCURRENT: '3' })
    await Promise.all(Array.from({ length: 12 }, () => gateway.generate(request())))
    expect(most).toBe(3)
  })
})

describe('stream', () => {
  it('gives the text as it comes and the checked value at the end', async () => {
    const { gateway } = gatewayFor(modelOf('ok'))
    const { deltas, result } = gateway.stream(request())
    let text = ''
    for await (const delta of deltas) if (delta.kind === 'text') text += delta.text
    expect(JSON.parse(text)).toEqual(OBJECT)
    expect((await result).value).toEqual(OBJECT)
  })

  it('says when to start over after a broken stream', async () => {
    const { gateway } = gatewayFor(modelOf('midstream-error', 1))
    const { deltas, result } = gateway.stream(request())
    let text = ''
    for await (const delta of deltas)
      text = delta.kind === 'restart' ? '' : text + (delta.kind === 'text' ? delta.text : '')
    expect(JSON.parse(text)).toEqual(OBJECT)
    expect((await result).trace.attempts).toHaveLength(2)
  })

  it('ends the call when the reader goes away', async () => {
    const { gateway } = gatewayFor(modelOf('ok'))
    const { deltas, result } = gateway.stream(request())
    for await (const _ of deltas) break
    await expect(result).rejects.toThrow(/went away/)
  })
})

describe('cassette', () => {
  it('records calls and replays them without key and network', async () => {
    const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'cassette-'))
    try {
      const model = modelOf('ok')
      await gatewayFor(model, { LLM_CASSETTE: dir, LLM_CASSETTE_MODE: 'auto' }).gateway.generate(request())
      const [file] = await fs.readdir(dir)
      expect(await fs.readFile(path.join(dir, file!), 'utf8')).not.toContain('k-secret-key')
      const replay = createModelGateway({
        settings: loadConfig({ LLM_CASSETTE: dir, LLM_MODEL: model }).models,
        log: createLogger({ level: 'silent' }),
      })
      expect((await replay.generate(request())).value).toEqual(OBJECT)
      expect([fake.seen.length, replay.status().method, replay.status().configured]).toEqual([1, 'recorded', true])
      const unknown = await replay.generate(request({ input: 'Something never asked before', craft }))
      expect(unknown.reason?.code).toBe('MODEL_NOT_RECORDED')
    } finally {
      await fs.rm(dir, { recursive: true })
    }
  })
})
