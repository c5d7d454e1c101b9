import { describe, expect, it } from 'vitest'
import type { Registry } from '../components/discover.ts'
import { systemTime } from '../core/clock.ts'
import { causesOf, checkpoint, configOf, ofType, runConfig, withRoot } from '../run/_run-helpers.ts'
import { fakeModel, type Reply, type Seen } from './_fake-model.ts'
import { parseAnswer, policyDecision } from './answer-schema.ts'
import { LlmFailureError } from './llm-error.ts'
import { LlmAgent } from './llm-patterns.ts'
import { backoffMs } from './run-llm.ts'

const DECISION = {
  action: 'lower the interest rate',
  reasoning: 'growth is too slow for my taste',
  confidence: 0.8,
  parameters: { by: 0.01 },
}
const ok: Reply = { content: JSON.stringify(DECISION) }

const sleeps: number[] = []
const clock = { ...systemTime, sleep: async (ms: number) => void sleeps.push(ms) }

type Plan = (Reply | ((seen: Seen) => Reply))[]

async function withModel<T>(
  replies: Plan,
  work: (model: Awaited<ReturnType<typeof fakeModel>>) => Promise<T>,
): Promise<T> {
  const model = await fakeModel(replies)
  try {
    return await work(model)
  } finally {
    await model.close()
  }
}

const agentConfig = (url: string, more: object = {}, llm: object = {}) =>
  configOf({
    simulation: { max_turns: 1 },
    engine: { type: 'economic' },
    validator: { type: 'always_valid' },
    agents: [{ name: 'ada', type: 'econ_llm_agent', strategy: 'grow', initial_state: { economic_strength: 100 } }],
    llm: { host: url, timeout: 20, ...llm },
    ...more,
  })

describe('a model call', () => {
  it('speaks Ollama: schema as format, no stream, temperature', () =>
    withRoot((root) =>
      withModel([ok], async ({ url, seen }) => {
        await runConfig(root, agentConfig(url, {}, { model: 'gemma:3', temperature: 0.1, max_tokens: 50 }))
        expect(seen).toHaveLength(1)
        expect(seen[0]).toMatchObject({
          path: '/api/chat',
          body: {
            model: 'gemma:3',
            stream: false,
            options: { temperature: 0.1, num_predict: 50 },
            format: policyDecision.jsonSchema,
          },
        })
        expect(seen[0]!.body.messages.map(({ role }: any) => role)).toEqual(['system', 'user'])
        expect(seen[0]!.body.messages[0].content).toContain('step by step')
      }),
    ))

  it('speaks OpenAI: bearer key and JSON-schema response format', () =>
    withRoot((root) =>
      withModel([ok], async ({ url, seen }) => {
        await runConfig(root, agentConfig(`${url}/v1`, {}, { api_key: 'sk-1', model: 'm' }))
        expect(seen[0]).toMatchObject({
          path: '/v1/chat/completions',
          headers: { authorization: 'Bearer sk-1' },
          body: {
            model: 'm',
            temperature: 0.7,
            response_format: { type: 'json_schema', json_schema: { name: 'policy_decision' } },
          },
        })
      }),
    ))

  it.each<[string, Plan, number, string | null]>([
    ['valid at once', [ok], 1, null],
    ['a timeout, then valid', ['silence', ok], 2, null],
    ['500 twice', [{ status: 500 }], 2, 'server_error'],
    ['garbage twice', [{ content: 'I think so' }], 2, 'invalid_response'],
    ['a wrong shape, then valid', [{ content: '{"action": ""}' }, ok], 2, null],
    [
      'JSON inside prose with nested braces',
      [{ content: `Sure: {"note": "{" } no, ${'{'}${JSON.stringify(DECISION).slice(1)} done` }],
      2,
      'invalid_response',
    ],
    [
      'JSON inside prose',
      [{ content: `Sure! ${JSON.stringify({ ...DECISION, parameters: { text: 'a } b { c' } })} Bye {}` }],
      1,
      null,
    ],
    ['404', [{ status: 404 }], 1, 'client_error'],
    ['429, then valid', [{ status: 429 }, ok], 2, null],
    ['429 twice', [{ status: 429 }], 2, 'rate_limited'],
    ['a broken connection, then valid', ['reset', ok], 2, null],
    ['silence twice', ['silence'], 2, 'timeout'],
    ['no JSON from the provider', [{ raw: 'oops' }], 2, 'invalid_response'],
    ['no message from the provider', [{ raw: '{}' }], 2, 'invalid_response'],
  ])('%s', (_name, replies, attempts, reason) =>
    withRoot((root) =>
      withModel(replies, async ({ url, seen }) => {
        // Short where nothing else comes, longer where an answer has to come in time, however busy the machine is.
        const timeout = replies.includes('silence') ? (replies.length === 1 ? 0.3 : 2) : 20
        const { result, error, lines } = await runConfig(root, agentConfig(url, {}, { timeout }), { clock })
        expect(seen).toHaveLength(attempts)
        if (reason === null) {
          expect(result.status).toBe('completed')
          return
        }
        expect(result.status).toBe('failed')
        expect(error).toBeInstanceOf(LlmFailureError)
        expect(error).toMatchObject({ reason, attempts })
        expect(
          lines
            .filter(({ event }) => event === 'LLM_FAILURE')
            .map(({ level, fields }) => [
              level,
              fields['component'],
              fields['agent'],
              fields['reason'],
              fields['attempts'],
            ]),
        ).toEqual([['ERROR', 'agent', 'ada', reason, attempts]])
      }),
    ),
  )

  it('that meets nobody is a connection error', () =>
    withRoot(async (root) => {
      const { error } = await runConfig(root, agentConfig('http://127.0.0.1:9', {}, { timeout: 5 }), { clock })
      expect(error).toMatchObject({ reason: 'connection_error', attempts: 2 })
    }))

  it('waits between attempts, longer each time, never above five seconds', () => {
    expect([1, 2, 3, 4, 9].map((retry) => backoffMs(retry, 1))).toEqual([1000, 2000, 4000, 5000, 5000])
    expect(backoffMs(1, 0)).toBe(500)
    expect(sleeps.every((ms) => ms >= 500 && ms <= 5000)).toBe(true)
  })

  it('leaves a chain of events: retry, then answer, then the decision', () =>
    withRoot((root) =>
      withModel([{ status: 500 }, { status: 503 }, ok], async ({ url }) => {
        const { events } = await runConfig(root, agentConfig(url, {}, { max_retries: 2 }), { clock })
        const [first, second, call] = ofType(events, 'SYSTEM')
        expect(
          [first, second, call].map(({ details }) => [
            details.system_event_type,
            details.status,
            details.retry_count,
            details.error_type,
          ]),
        ).toEqual([
          ['llm_retry', 'retry', 1, 'server_error'],
          ['llm_retry', 'retry', 2, 'server_error'],
          ['llm_call', 'success', 2, undefined],
        ])
        expect(causesOf(events, first)[0].details.phase_to).toBe('decide')
        expect([second.caused_by, call.caused_by]).toEqual([[first.event_id], [second.event_id]])
        expect(call.details).toMatchObject({ component: 'agent', agent_name: 'ada', model: 'gemma:3' })
        const [decision] = ofType(events, 'DECISION')
        expect(
          causesOf(events, decision).map(({ details }) => details.milestone_type ?? details.system_event_type),
        ).toEqual(['turn_start', 'llm_call'])
        expect(decision.details).toMatchObject({
          decision_type: 'policy_decision',
          new_value: { action_name: DECISION.action, parameters: DECISION.parameters },
          reasoning: DECISION.reasoning,
          confidence: 0.8,
          model: 'gemma:3',
        })
      }),
    ))

  it('links around itself where SYSTEM events are not written', () =>
    withRoot((root) =>
      withModel([ok], async ({ url }) => {
        const { events } = await runConfig(root, agentConfig(url, { event_stream: { verbosity: 'ACTION' } }))
        const [decision] = ofType(events, 'DECISION')
        expect(causesOf(events, decision).map(({ details }) => details.phase_to ?? details.milestone_type)).toEqual([
          'turn_start',
          'decide',
        ])
        const flat = await runConfig(
          root,
          agentConfig(url, { event_stream: { verbosity: 'ACTION', phase_transitions: false } }),
        )
        expect(
          causesOf(flat.events, ofType(flat.events, 'DECISION')[0]).map(({ details }) => details.milestone_type),
        ).toEqual(['turn_start'])
      }),
    ))

  it('that fails for good discards the turn and closes the stream; skipping goes on', () =>
    withRoot((root) =>
      withModel([ok, { status: 400 }], async ({ url }) => {
        const { result, events, run } = await runConfig(root, agentConfig(url, { simulation: { max_turns: 3 } }))
        expect(result).toMatchObject({
          status: 'failed',
          stats: { total_turns: 1, final_turn: 1 },
          error: { type: 'LlmFailureError' },
        })
        const names = events.slice(-4).map(({ details }) => details.system_event_type ?? details.milestone_type)
        expect(names).toEqual(['llm_failure', 'agent_error', 'run_error', 'simulation_end'])
        expect(events.at(-1).turn_number).toBe(2)
        expect(checkpoint(root, run.runId, 'last').state.turn).toBe(1)
        const skipping = agentConfig(url, { simulation: { max_turns: 2, on_agent_error: 'skip' } })
        expect((await runConfig(root, skipping)).result.status).toBe('completed')
      }),
    ))
})

describe('model-driven agent, validator and engine together', () => {
  const answer = ({ body }: Seen): Reply => {
    const system: string = body.messages[0].content
    const user: string = body.messages[1].content
    if (system.includes('economic policy of'))
      return {
        content: JSON.stringify({
          ...DECISION,
          action: system.includes('of bo') ? 'paint the palace' : DECISION.action,
        }),
      }
    if (system.includes('You judge actions')) {
      const isPalace = user.includes('palace')
      return {
        content: JSON.stringify({
          is_valid: !isPalace,
          reasoning: isPalace ? 'paint changes no economy' : 'a rate is monetary policy',
          confidence: 1,
          action_evaluated: 'x',
        }),
      }
    }
    return {
      content: JSON.stringify({
        new_interest_rate: 0.5,
        reasoning: 'the rate follows the decision',
        confidence: 1,
        action_applied: 'x',
      }),
    }
  }
  const config = (url: string) =>
    configOf({
      simulation: { max_turns: 1 },
      engine: { type: 'econ_llm_engine' },
      validator: { type: 'econ_llm_validator', domain: 'economics' },
      agents: ['ada', 'bo'].map((name) => ({
        name,
        type: 'econ_llm_agent',
        initial_state: { economic_strength: 100 },
      })),
      llm: { host: url },
    })

  it('leave their reasoning in the state, update it in order, skip what was rejected', () =>
    withRoot((root) =>
      withModel([answer], async ({ url }) => {
        const { result, events, lines } = await runConfig(root, config(url))
        const state = result.final_state!
        expect(state.globalState).toMatchObject({ interest_rate: 0.5, total_economic_value: 300 })
        expect(state.reasoningChains.map(({ component, agent_name }) => [component, agent_name])).toEqual([
          ['agent', 'ada'],
          ['agent', 'bo'],
          ['validator', 'ada'],
          ['validator', 'bo'],
          ['engine', 'ada'],
        ])
        expect(state.reasoningChains[0]).toMatchObject({
          reasoning: DECISION.reasoning,
          model: 'gemma:3',
          retry_count: 0,
        })
        expect(lines.some(({ event }) => event === 'SKIPPED Agent [bo] due to unvalidated Action')).toBe(true)
        expect(lines.some(({ level, event }) => level === 'WARNING' && event === 'llm_decision_doubtful')).toBe(true)
        const calls = ofType(events, 'SYSTEM').filter(({ details }) => details.system_event_type === 'llm_call')
        const [, , judgeAda, , engine] = calls
        expect(causesOf(events, judgeAda).map((e) => e.details.phase_to ?? e.event_type)).toEqual([
          'validate',
          'DECISION',
        ])
        expect(causesOf(events, engine).map((e) => e.details.phase_to ?? e.event_type)).toEqual(['apply', 'ACTION'])
        const rejection = ofType(events, 'SYSTEM').find(
          ({ details }) => details.system_event_type === 'validation_failure',
        )
        expect(rejection.details.message).toBe('paint changes no economy')
        expect(causesOf(events, rejection).map((e) => e.details.component ?? e.event_type)).toEqual([
          'DECISION',
          'agent',
          'validator',
        ])
        expect(result.stats.validation).toEqual({ total_validated: 1, total_rejected: 1, acceptance_rate: 0.5 })
      }),
    ))
})

describe('a pattern of one’s own', () => {
  class Poet extends LlmAgent {
    constructPrompt() {
      return { system: 'You write poems.', user: 'One line.' }
    }
    validateDecision() {
      return true
    }
  }
  const registry: Registry = { agent: { poet: Poet } }

  it('may use another transport than HTTP', () =>
    withRoot(async (root) => {
      const prompts: string[] = []
      const llmTransport = {
        send: async ({ prompt }: { prompt: { system: string } }) => {
          prompts.push(prompt.system)
          return JSON.stringify(DECISION)
        },
      }
      const { result } = await runConfig(
        root,
        configOf({
          simulation: { max_turns: 2 },
          validator: { type: 'always_valid' },
          agents: [{ name: 'ada', type: 'poet' }],
        }),
        { registry, llmTransport },
      )
      expect(result.status).toBe('completed')
      expect(prompts).toHaveLength(2)
      expect(prompts[0]).toMatch(/^You write poems\..*exactly|JSON object/s)
    }))

  it('checks every field of an answer', () => {
    const parse = (value: object) => () => parseAnswer(JSON.stringify(value), policyDecision)
    expect(parse(DECISION)()).toEqual(DECISION)
    for (const wrong of [
      { action: 'two\nlines' },
      { action: 'x'.repeat(501) },
      { reasoning: 'short' },
      { confidence: 2 },
      { confidence: '1' },
      { parameters: 5 },
    ])
      expect(parse({ ...DECISION, ...wrong })).toThrow(/must be/)
  })
})
