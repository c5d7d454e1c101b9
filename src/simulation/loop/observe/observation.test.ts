import { describe, expect, it } from 'vitest'
import { loadConfigObject } from '../config/load-config.ts'
import { deepFreeze } from '../core/json.ts'
import { configOf } from '../run/_run-helpers.ts'
import type { SimulationState } from '../state/state.ts'
import { buildObservation, noiseFactor, type ObservationRules } from './build-observation.ts'

const VARIABLES = {
  agent_vars: {
    wealth: { type: 'float', default: 1000 },
    coins: { type: 'int', default: 20 },
    secret: { type: 'float', default: 7 },
    happy: { type: 'bool', default: true },
  },
  global_vars: { price: { type: 'float', default: 0 }, plan: { type: 'float', default: -50 } },
}

async function rulesOf(observability: object | undefined, seed = 0): Promise<ObservationRules> {
  const agents = ['ada', 'bo', 'cy'].map((name) => ({ name }))
  const config = configOf({
    state_variables: VARIABLES,
    engine: { type: 'simple_economic' },
    agents,
    ...(observability ? { observability } : {}),
  })
  const { definitions, visibility } = await loadConfigObject(config)
  return { seed, definitions, visibility, proximityRadius: null }
}

const visibility = { external: ['wealth', 'coins', 'happy', 'price'], internal: ['secret', 'plan'] }

const agent = (name: string) => ({ name, wealth: 1000, coins: 20, secret: 7, happy: true })
const state: SimulationState = deepFreeze({
  turn: 4,
  agents: { ada: agent('ada'), bo: agent('bo'), cy: agent('cy') },
  globalState: { price: 0, plan: -50 },
  reasoningChains: [
    {
      component: 'agent',
      prompt: 'p',
      response: 'r',
      reasoning: 'x',
      timestamp: 't',
      duration_ms: 1,
      model: 'm',
      retry_count: 0,
    },
  ],
  pausedAgents: ['bo', 'cy'],
  autoResume: { bo: 2 },
  spatialState: null,
})

describe('what an agent sees', () => {
  it('is everything but the reasoning of others when the section is absent or off', async () => {
    for (const section of [undefined, { enabled: false, variable_visibility: visibility, matrix: [] }]) {
      const seen = buildObservation('ada', state, await rulesOf(section))
      expect(seen).toEqual({ ...state, reasoningChains: [] })
    }
  })

  it('follows the matrix, each direction for itself', async () => {
    const rules = await rulesOf({
      enabled: true,
      variable_visibility: visibility,
      matrix: [
        ['ada', 'bo', 'insider', 0],
        ['ada', 'cy', 'unaware', 0],
        ['bo', 'ada', 'external', 0],
        ['ada', 'global', 'external', 0],
        ['bo', 'global', 'insider', null],
      ],
    })
    const ada = buildObservation('ada', state, rules)
    expect(ada.agents).toEqual({ ada: agent('ada'), bo: agent('bo') })
    expect(ada.globalState).toEqual({ price: 0 })
    expect([ada.pausedAgents, ada.autoResume]).toEqual([['bo'], { bo: 2 }])
    const bo = buildObservation('bo', state, rules)
    expect(bo.agents).toEqual({ ada: { name: 'ada', wealth: 1000, coins: 20, happy: true }, bo: agent('bo') })
    expect(bo.globalState).toEqual({ price: 0, plan: -50 })
    const cy = buildObservation('cy', state, rules)
    expect(Object.keys(cy.agents)).toEqual(['cy'])
    expect(cy.globalState).toEqual({})
    expect(Object.isFrozen(ada.agents['bo'])).toBe(true)
  })

  it('falls back to the default and hides unlisted variables when told so', async () => {
    const some = { external: ['wealth', 'price'], internal: [] }
    const base = { enabled: true, matrix: [], default: { level: 'external', noise: 0.1 } }
    const open = buildObservation('ada', state, await rulesOf({ ...base, variable_visibility: some }))
    expect(Object.keys(open.agents['bo']!)).toEqual(['name', 'wealth', 'coins', 'secret', 'happy'])
    const hidden = buildObservation(
      'ada',
      state,
      await rulesOf({ ...base, variable_visibility: { ...some, unlisted: 'internal' } }),
    )
    expect(Object.keys(hidden.agents['bo']!)).toEqual(['name', 'wealth'])
    expect(Math.abs(Number(hidden.agents['bo']?.['wealth']) - 1000)).toBeLessThanOrEqual(100)
  })

  it('has noise that is bounded, whole for integers, the same on repetition and other in other turns', async () => {
    const rules = await rulesOf({
      enabled: true,
      variable_visibility: visibility,
      matrix: [
        ['ada', 'bo', 'external', 0.2],
        ['ada', 'global', 'insider', 0.5],
      ],
    })
    const seen = buildObservation('ada', state, rules)
    const { wealth, coins, happy } = seen.agents['bo'] as any
    expect(wealth).toBeGreaterThanOrEqual(800)
    expect(wealth).toBeLessThanOrEqual(1200)
    expect(wealth).not.toBe(1000)
    expect(Number.isInteger(coins)).toBe(true)
    expect(coins).toBeGreaterThanOrEqual(16)
    expect(coins).toBeLessThanOrEqual(24)
    expect(happy).toBe(true)
    expect(seen.globalState['price']).toBe(0)
    expect(Math.abs(seen.globalState['plan'] + 50)).toBeLessThanOrEqual(25)
    expect(buildObservation('ada', state, rules)).toEqual(seen)
    expect(buildObservation('ada', { ...state, turn: 5 }, rules).agents['bo']).not.toEqual(seen.agents['bo'])
    expect(buildObservation('ada', state, { ...rules, seed: 1 }).agents['bo']).not.toEqual(seen.agents['bo'])
    expect(state.agents['bo']).toEqual(agent('bo'))
  })

  it('has the noise of the formula: SHA-256, first eight bytes, big-endian', () => {
    // python3: h = hashlib.sha256(b'0|4|ada|bo|wealth').digest(); (2 * int.from_bytes(h[:8], 'big') / 2**64 - 1) * 0.2
    expect(noiseFactor(0, 4, 'ada', 'bo', 'wealth', 0.2)).toBeCloseTo(-0.05477059715743742, 12)
    expect(noiseFactor(0, 4, 'ada', 'bo', 'wealth', 0)).toBeCloseTo(0)
  })
})
