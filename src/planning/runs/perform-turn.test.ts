import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeLlm, startFakeLlm } from '../../../test/_fake-llm.ts'
import { loadConfig } from '../../kernel/config/load-config.ts'
import type { Ctx } from '../../kernel/context.ts'
import { createModelGateway } from '../../kernel/models/gateway.ts'
import { createLogger } from '../../kernel/telemetry/logger.ts'
import type { TurnInput } from '../agents/turn.ts'
import { completeBoard } from '../gates/_test-board.ts'
import { performTurn } from './perform-turn.ts'

let llm: FakeLlm
beforeAll(async () => {
  llm = await startFakeLlm()
})
afterAll(() => llm.close())

function ctxWith(model: string): Ctx {
  const settings = loadConfig({
    LLM_PROVIDER: 'openai_compatible',
    LLM_API_KEY: 'k-test-key',
    LLM_BASE_URL: llm.urls.openai,
    LLM_MODEL: model,
  }).models
  const log = createLogger({ level: 'error', write: () => undefined })
  const gateway = createModelGateway({ settings, log, sleep: async () => undefined })
  return { kernel: { use: () => gateway } } as unknown as Ctx
}
const input = (): TurnInput => ({
  agent: 'event-planner',
  level: 'Beginner',
  mode: 'autonomous',
  phase: 'Initiate',
  task: 'scope',
  board: completeBoard(),
  catering: null,
  answers: [],
  notes: [],
  may_ask: false,
  found: { venues: [], weather: null, suppliers: [] },
})
const ANSWER = {
  summary: 'Read the brief.',
  artifacts: [
    {
      type: 'Requirements',
      body: { functional_requirements: [], nonfunctional_requirements: [], must_haves: ['A room for 20'] },
    },
  ],
}
const signal = () => new AbortController().signal

describe('a turn with a model', () => {
  it('takes a valid answer of the model', async () => {
    llm.reply = () => ({ text: JSON.stringify(ANSWER) })
    const made = await performTurn(ctxWith('object'), input(), signal())
    expect(made).toMatchObject({ engine: 'model', fallback: null, output: { summary: 'Read the brief.' } })
    expect(made.usage).not.toBeNull()
  })
  it('sends the faults back once and takes the repaired answer', async () => {
    let asked = 0
    llm.reply = () => ({
      text: JSON.stringify(
        asked++ === 0 ? { ...ANSWER, artifacts: [{ type: 'Requirements', body: { must_haves: [] } }] } : ANSWER,
      ),
    })
    const made = await performTurn(ctxWith('object'), input(), signal())
    expect(made.engine).toBe('model')
    expect(asked).toBe(2)
  })
  it('lets the rules engine fill in when the second answer is wrong too', async () => {
    llm.reply = () => ({ text: JSON.stringify({ summary: 'nothing', artifacts: [] }) })
    const made = await performTurn(ctxWith('object'), input(), signal())
    expect(made.engine).toBe('rules')
    expect(made.fallback).toBeTruthy()
    expect(made.output.artifacts[0]!.type).toBe('Requirements')
  })
})
