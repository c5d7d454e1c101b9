import { describe, expect, it } from 'vitest'
import type { Board } from '../artifacts/board.ts'
import { completeBoard } from '../gates/_test-board.ts'
import * as s from '../schema.ts'
import { sampleVenues } from '../venues/catalogue.ts'
import { agentNamed, checkSheets, checkTurn, PLANNING_AGENTS } from './agents.ts'
import { AGENT_SHEETS } from './instructions.ts'
import { isAtLeast, type TurnOutput as Output, type TurnInput, TurnOutput } from './turn.ts'
import { criteriaOf } from './venue-craft.ts'

const BRIEFS = {
  Beginner: {
    audience_size: 20,
    event_type: 'meetup',
    constraints: 'Budget $500; place downtown; step-free access',
    date_range_start: '2025-11-15T18:00:00Z',
    date_range_end: '2025-11-15T21:00:00Z',
  },
  Intermediate: {
    audience_size: 200,
    event_type: 'conference',
    constraints: 'Budget $50k; in the city center; parallel tracks; AV equipment on site',
    date_range_start: '2025-06-01T09:00:00Z',
    date_range_end: '2025-06-03T17:00:00Z',
  },
  Advanced: {
    audience_size: 800,
    event_type: 'conference',
    constraints: 'Budget $500k; several venues; only 6 months to prepare; on-site and streamed',
    date_range_start: '2026-05-20T08:00:00Z',
    date_range_end: '2026-05-22T18:00:00Z',
  },
} as const

function freshBoard(level: s.InstructionLevel): Board {
  const board = completeBoard()
  Object.assign(board.brief, BRIEFS[level])
  Object.assign(board.artifacts, {
    Requirements: null,
    Timeline: null,
    TaskRegister: [],
    BudgetBaseline: null,
    CostModel: null,
    BudgetDecision: null,
    VenueCriteria: null,
    VenueShortlist: [],
    VenueScorecard: null,
    LogisticsPlan: null,
    Schedule: null,
    ResourceRoster: null,
    ContingencyPlan: null,
    RiskRegister: [],
  })
  return board
}
const inputFor = (
  agent: s.AgentName,
  level: s.InstructionLevel,
  task: string,
  phase: s.LifecycleState,
  board: Board,
  more: Partial<TurnInput> = {},
): TurnInput => ({
  agent,
  level,
  mode: 'autonomous',
  phase,
  task,
  board,
  catering: null,
  answers: [],
  notes: [],
  may_ask: false,
  found: { venues: [], weather: null, suppliers: [] },
  ...more,
})
async function perform(input: TurnInput): Promise<Output> {
  const agent = agentNamed(input.agent)
  const output = TurnOutput.parse(await agent.craft(input, undefined as never)) as Output
  expect(checkTurn(input, output)).toEqual([])
  return output
}
const bodies = (output: Output, type: string) =>
  output.artifacts.filter((draft) => draft.type === type).map(({ body }) => body as any)
const search = (board: Board, level: s.InstructionLevel) => {
  const criteria = criteriaOf({ board, level })
  return {
    venues: sampleVenues({
      audience: board.brief.audience_size,
      price_limit: criteria.budget_range_max,
      place: null,
      areas: criteria.location_preferences,
    }),
    weather: null,
    suppliers: [],
  }
}

describe('the agents', () => {
  it('are declared whole, with tests, at three levels', () => {
    expect(checkSheets()).toEqual([])
    expect(AGENT_SHEETS.map(({ name }) => name)).toEqual(s.AGENT_NAMES)
    expect(PLANNING_AGENTS).toHaveLength(5)
    expect(checkSheets([{ ...AGENT_SHEETS[0]!, tests: [] }])).toEqual(['event-planner: tests is empty'])
  })

  for (const level of s.INSTRUCTION_LEVELS)
    it(`plan and find venues to the numbers of ${level}`, async () => {
      const board = freshBoard(level)
      const plan = await perform(inputFor('event-planner', level, 'plan', 'Plan', board))
      const [timeline] = bodies(plan, 'Timeline')
      s.TimelineInput.parse(timeline)
      const minimum = { Beginner: [3, 5, 2], Intermediate: [6, 12, 6], Advanced: [10, 25, 10] }[level]
      expect(timeline.milestones.length).toBeGreaterThanOrEqual(minimum[0]!)
      expect(bodies(plan, 'TaskRegister').length).toBeGreaterThanOrEqual(minimum[1]!)
      expect(bodies(plan, 'RiskRegister').length).toBeGreaterThanOrEqual(minimum[2]!)
      for (const task of bodies(plan, 'TaskRegister'))
        expect(s.TaskInput.parse(task).end_date > task.start_date).toBe(true)
      for (const risk of bodies(plan, 'RiskRegister')) s.RiskInput.parse(risk)
      const found = search(board, level)
      const criteria = criteriaOf({ board, level })
      const inside = found.venues.filter(
        ({ price, capacity, available }) =>
          available &&
          price <= criteria.budget_range_max &&
          capacity >= criteria.min_capacity &&
          capacity <= criteria.max_capacity,
      )
      expect(inside.length).toBeGreaterThanOrEqual(5)
      expect(found.venues.length - inside.length).toBeGreaterThanOrEqual(2)
      const venues = await perform(inputFor('venue-researcher', level, 'venues', 'Research', board, { found }))
      for (const entry of bodies(venues, 'VenueShortlist')) {
        s.VenueShortlistInput.parse(entry)
        expect(entry.cost_estimate).toBeLessThanOrEqual(criteria.budget_range_max)
        if (isAtLeast(level, 'Beginner') && entry.venue_role === 'main')
          expect(entry.capacity).toBeGreaterThanOrEqual(board.brief.audience_size)
      }
      const roles = new Set(bodies(venues, 'VenueShortlist').map(({ venue_role }) => venue_role))
      expect([...roles].toSorted()).toEqual(level === 'Advanced' ? ['backup', 'breakout', 'expo', 'main'] : ['main'])
      expect(venues.decisions[0]!.rationale).toMatch(/total of 0\.\d+/)
    })

  it('flag a budget mismatch with three ways out when nothing fits', async () => {
    const board = freshBoard('Beginner')
    board.brief.constraints = 'Budget $20'
    const output = await perform(
      inputFor('venue-researcher', 'Beginner', 'venues', 'Research', board, { found: search(board, 'Beginner') }),
    )
    expect(output.decisions.at(-1)).toMatchObject({
      decision_type: 'budget_mismatch',
      alternatives_considered: { length: 3 },
    })
    expect(bodies(output, 'VenueShortlist')[0].exception_rationale).toContain('costs')
  })

  it('ask one question with options when a person wants to choose, and use the answer', async () => {
    const board = freshBoard('Intermediate')
    const found = search(board, 'Intermediate')
    const asking = await perform(
      inputFor('venue-researcher', 'Intermediate', 'venues', 'Research', board, {
        found,
        mode: 'interactive',
        may_ask: true,
      }),
    )
    expect(asking).toMatchObject({ user_input_needed: true, artifacts: [] })
    expect(asking.options!.length).toBeGreaterThanOrEqual(3)
    const answers = [{ question: asking.user_prompt!, answer: '2' }]
    const chosen = await perform(
      inputFor('venue-researcher', 'Intermediate', 'venues', 'Research', board, {
        found,
        mode: 'interactive',
        may_ask: true,
        answers,
      }),
    )
    expect(chosen.summary).toContain(asking.options![1]!.split(' —')[0])
  })

  it('give the same output for the same input', async () => {
    const board = freshBoard('Advanced')
    const input = inputFor('event-planner', 'Advanced', 'plan', 'Plan', board)
    expect(await perform(input)).toEqual(await perform(structuredClone(input)))
  })
})
