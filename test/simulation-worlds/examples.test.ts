import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawExample, EXAMPLES, type ExampleName, pictureOf, runExample } from '../../scripts/plot-examples.ts'
import { compareRuns } from '../../src/simulation/analysis/compare-runs.ts'
import { repeatRun } from '../../src/simulation/analysis/repeat-run.ts'
import { silentLogger } from '../../src/simulation/loop/logging/logger.ts'
import type { RunResult } from '../../src/simulation/loop/run/run-result.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'

const names = Object.keys(EXAMPLES) as ExampleName[]
const results = {} as Record<ExampleName, RunResult>
let out: string
let service: EventService

beforeAll(async () => {
  out = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-worlds-'))
  for (const name of names) results[name] = await runExample(name, out)
  service = new EventService({ outputRoot: out })
}, 120_000)
afterAll(() => fs.rmSync(out, { recursive: true, force: true }))

const eventsOf = (name: string): any[] =>
  fs
    .readFileSync(path.join(out, name, 'events.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
const statesOf = (name: ExampleName): readonly any[] => results[name].history
const changed = async (name: ExampleName, folder: string, change: (config: any) => void) =>
  runExample(name, path.join(out, folder), change)
const deviation = (values: number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

describe.each(names)('the example %s', (name) => {
  it('runs to its end without a problem in its stream', async () => {
    expect(results[name].status).toBe('completed')
    expect(await service.getIntegrity(name)).toMatchObject({ ok: true })
    expect(eventsOf(name).filter(({ event_type: type }) => type === 'SYSTEM')).toEqual(
      name === 'trading' ? expect.anything() : [],
    )
  })

  it('is drawn on its page', async () => {
    expect(fs.readFileSync(pictureOf(name), 'utf8')).toBe(await drawExample(name, out))
  })

  it('can be repeated bit for bit', { timeout: 60_000 }, async () => {
    const report = await repeatRun(name, { outputRoot: out, logger: silentLogger })
    expect(report).toMatchObject({ same: true, divergence: null })
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })
})

describe('the economy', () => {
  it('grows by compound interest', () => {
    const [tenth, last] = [statesOf('economy')[10], statesOf('economy')[20]]
    expect(tenth.agents.Nation_A.economic_strength).toBeCloseTo(1628.89, 2)
    expect(tenth.agents.Nation_B.economic_strength).toBeCloseTo(2443.34, 2)
    expect(last.globalState.total_economic_value).toBeCloseTo(8755.88, 2)
  })
})

describe('the market', () => {
  it('keeps coins and goods: nothing appears or vanishes', () => {
    for (const { agents, globalState } of statesOf('trading')) {
      const traders = Object.values<any>(agents)
      expect(traders.reduce((sum, { coins }) => sum + coins, 0)).toBeCloseTo(800, 6)
      const stored = traders.reduce(
        (sum, { goods }) => sum + Object.values<number>(goods).reduce((a, b) => a + b, 0),
        0,
      )
      expect(globalState.goods_made + 64 - globalState.goods_eaten).toBeCloseTo(stored, 6)
    }
  })

  it('brings the prices of one good together and feeds everybody', () => {
    const [first, later, last] = [statesOf('trading')[0], statesOf('trading')[20], statesOf('trading')[120]]
    const gap = (state: any) => Math.abs(Math.log(state.agents.ben.price / state.agents.ada.price))
    expect(gap(first)).toBeCloseTo(Math.log(4), 6)
    expect(gap(later)).toBeLessThan(gap(first) / 3)
    expect(statesOf('trading')[1].globalState.eaten_today).toBe(8)
    expect(last.globalState.eaten_today).toBeGreaterThan(25)
    expect(last.globalState.goods_eaten).toBeGreaterThan(3000)
  })

  it('links answers to offers across agents, under both participants', async () => {
    const events = eventsOf('trading')
    const byId = new Map(events.map((event) => [event.event_id, event]))
    const answers = events.filter(({ details }) => ['accept', 'decline'].includes(details?.action_type))
    expect(answers.length).toBeGreaterThan(200)
    for (const answer of answers) {
      const offer = answer.caused_by
        .map((id: string) => byId.get(id))
        .find((cause: any) => cause.event_type === 'ACTION')
      expect(offer).toMatchObject({ details: { action_type: 'offer', interaction_type: 'offer' } })
      expect(offer.agent_id).not.toBe(answer.agent_id)
      expect(offer.details.participating_agent_ids).toEqual([offer.agent_id, answer.agent_id])
    }
    const trade = events.find(({ details }) => details?.interaction_type === 'trade')
    for (const agent of trade.details.participating_agent_ids) {
      const found = await service.getFilteredEvents('trading', { agentIds: [agent], eventTypes: ['ACTION'] })
      expect(found.events.map(({ event_id: id }) => id)).toContain(trade.event_id)
    }
  })

  it('closed leaves everybody with the own good', async () => {
    const { final_state: state, stats } = await changed('trading', 'closed', (config) => {
      config.validator.config = { closed: true }
    })
    expect(state!.globalState['goods_eaten']).toBe(960)
    expect(stats.validation.total_rejected).toBeGreaterThan(0)
  })
})

describe('the epidemic', () => {
  const counts = (state: any) => ['susceptible', 'infected', 'recovered'].map((health) => state.globalState[health])

  it('moves people from susceptible through infected to recovered', () => {
    let before = [60, 0, 0]
    for (const state of statesOf('epidemic')) {
      const now = counts(state)
      expect(now.reduce((a, b) => a + b, 0)).toBe(60)
      expect([now[0] <= before[0]!, now[2] >= before[2]!]).toEqual([true, true])
      before = now
    }
    const { turn, globalState } = statesOf('epidemic').at(-1)
    expect([turn, ...before]).toEqual([39, 12, 0, 48])
    expect([globalState.peak_infected, globalState.peak_turn]).toEqual([16, 20])
    expect(results.epidemic.stats.termination_reason).toBe('engine')
  })

  it('infects only where somebody infected was in the same cell, and moves only to neighbours', () => {
    const states = statesOf('epidemic')
    for (const { details, agent_id: agent, turn_number: turn } of eventsOf('epidemic')) {
      if (details?.calculation_type === 'infection') {
        const { from, to, at } = details.intermediate_values
        expect(states[turn - 1].agents[from].health).toBe('infected')
        expect([states[turn].spatialState.agentPositions[from], states[turn].spatialState.agentPositions[to]]).toEqual([
          at,
          at,
        ])
      }
      if (details?.variable_name !== 'location') continue
      const [x, y] = details.old_value.split(',').map(Number)
      const [nx, ny] = details.new_value.split(',').map(Number)
      expect(Math.max(Math.abs(x - nx), Math.abs(y - ny)), agent).toBe(1)
    }
  })

  it('hardly spreads when people stay at home', async () => {
    const { final_state: state } = await changed('epidemic', 'home', (config) => {
      for (const agent of config.agents) agent.stay_home = 0.9
    })
    expect(state!.globalState['recovered']).toBeLessThan(10)
  })
})

describe('the supply network', () => {
  const series = (name: string, variable: string): number[] =>
    statesOf('supply-network').map(({ agents }) => agents[name][variable])

  it('amplifies orders on their way up', () => {
    const [shop, warehouse, factory] = ['market', 'east', 'factory'].map((name) =>
      deviation(series(name, 'ordered').slice(5)),
    )
    expect(warehouse!).toBeGreaterThan(shop! * 2)
    expect(factory!).toBeGreaterThan(warehouse! * 2)
  })

  it('lets only the shop behind the closed road wait, until it is open again', () => {
    for (const shop of ['market', 'harbour']) expect(Math.max(...series(shop, 'backlog').slice(59))).toBe(0)
    const hill = series('hill', 'backlog')
    expect(Math.max(...hill.slice(60, 73))).toBeGreaterThan(20)
    expect(hill.slice(80).every((waiting) => waiting === 0)).toBe(true)
    const closed = statesOf('supply-network')[65].spatialState.networks.default.edges
    expect(closed).not.toContainEqual(['hill', 'west'])
    expect(statesOf('supply-network')[70].spatialState.networks.default.edges).toContainEqual(['hill', 'west'])
  })

  it('differs from the world with open roads from the turn the road closes', async () => {
    await changed('supply-network', 'open', (config) => {
      config.engine.config.disruptions = []
    })
    fs.renameSync(path.join(out, 'open', 'supply-network'), path.join(out, 'roads-open'))
    const found = await compareRuns(new EventService({ outputRoot: out }), 'supply-network', 'roads-open')
    expect(found.divergence).toMatchObject({ turn: 60, a: { description: 'The road west – hill is closed' } })
    expect(found.settings.map(({ path: at }) => at)).toEqual(['engine.config.disruptions[0]'])
  })
})
