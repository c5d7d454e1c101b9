import type { Kernel } from '../../kernel/kernel.ts'
import { eventDays } from '../agents/calendar-days.ts'
import { shortNameOf, specialists } from '../agents/team.ts'
import type { Found } from '../agents/turn.ts'
import { criteriaOf } from '../agents/venue-craft.ts'
import type { Board } from '../artifacts/board.ts'
import { locationPreferences, namedPlace } from '../inference/place.ts'
import type { InstructionLevel } from '../schema.ts'
import type { VenuesFound } from '../tools/venue-search.ts'
import { forecastDays } from '../tools/weather.ts'
import type { Step } from './steps.ts'
import { callTeamTool, type ToolUse, type Used } from './team-tool.ts'

export type { ToolUse } from './team-tool.ts'

type Gathering = { kernel: Kernel; board: Board; step: Step; level: InstructionLevel; key: string; signal: AbortSignal }
type Gathered = { found: Partial<Found>; uses: ToolUse[] }

const call = (
  { kernel, board, step, key, signal }: Gathering,
  name: string,
  args: Record<string, unknown>,
): Promise<Used> => callTeamTool(kernel, board.brief.id, step.agent, name, args, { callId: `${key}:${name}`, signal })

async function venues(gathering: Gathering): Promise<Gathered> {
  const { brief } = gathering.board
  const text = `${brief.constraints}\n${brief.objectives}`
  const criteria = criteriaOf(gathering)
  const place = namedPlace(text)
  const { use, outcome } = await call(gathering, 'venue_search', {
    location: place ?? '',
    min_capacity: criteria.min_capacity,
    max_capacity: criteria.max_capacity,
    budget_max: criteria.budget_range_max,
    amenities: criteria.required_amenities,
    areas: locationPreferences(text).filter((one) => one !== place),
  })
  if (!outcome.ok) return { found: {}, uses: [use] }
  const { venues: found, source } = outcome.value as VenuesFound
  const result = `${found.length} venues from the ${source}: ${found.map(({ name }) => name).join(', ')}`
  return { found: { venues: found }, uses: [{ ...use, result }] }
}

async function weather(gathering: Gathering): Promise<Gathered> {
  const { brief, now } = gathering.board
  const place = namedPlace(`${brief.constraints}\n${brief.objectives}`)
  const days = forecastDays(place, brief.date_range_start, new Date(now))
  const args = { location: place ?? '', date: brief.date_range_start.slice(0, 10) }
  if (typeof days === 'string')
    return {
      found: { weather: days },
      uses: [
        {
          call_id: `${gathering.key}:get_weather_forecast`,
          tool_name: 'get_weather_forecast',
          arguments: args,
          result: days,
          duration_ms: 0,
        },
      ],
    }
  const { use } = await call(gathering, 'get_weather_forecast', { location: place, days })
  return { found: { weather: use.error ? 'the forecast could not be looked up' : use.result }, uses: [use] }
}

async function suppliers(gathering: Gathering): Promise<Gathered> {
  const { brief } = gathering.board
  const place = namedPlace(`${brief.constraints}\n${brief.objectives}`)
  const { agent } = gathering.step
  const topic = agent === 'catering-coordinator' ? 'catering' : shortNameOf(agent)
  const { use, outcome } = await call(gathering, 'web_search', {
    query: `${topic} for ${brief.audience_size} people, ${brief.event_type}${place ? `, ${place}` : ''}`,
  })
  const results = outcome.ok
    ? (outcome.value as { results: { title: string; snippet: string; url: string }[] }).results
    : []
  const result = outcome.ok
    ? `${results.length} results: ${results.map(({ title }, i) => `${i + 1}. ${title}`).join('; ')}`
    : use.result
  return { found: { suppliers: results.map(({ title, url }) => ({ name: title, url })) }, uses: [{ ...use, result }] }
}

const GATHER: Readonly<Record<string, (gathering: Gathering) => Promise<Gathered>>> = {
  venues,
  'revise-venue': venues,
  proposal: suppliers,
  operations: weather,
}

/** What the tools of a step bring before its agent works, with each call for the trace. */
export async function gather(
  kernel: Kernel,
  board: Board,
  step: Step,
  level: InstructionLevel,
  key: string,
  signal: AbortSignal,
): Promise<{ found: Found; uses: ToolUse[] }> {
  const empty: Found = { venues: [], weather: null, suppliers: [] }
  const searches = specialists().some(({ name, tools }) => name === step.agent && tools.includes('web_search'))
  const work = GATHER[step.task] ?? (searches ? suppliers : undefined)
  if (!work) return { found: empty, uses: [] }
  const { found, uses } = await work({ kernel, board, step, level, key, signal })
  return { found: { ...empty, ...found }, uses }
}

/** Writes the event into its calendar, and tells the remote calendar agent where one is joined; the same call writes the same entry once. */
export async function enterCalendar(
  kernel: Kernel,
  board: Board,
  calendar: string,
  location: string,
  key: string,
  signal: AbortSignal,
): Promise<ToolUse[]> {
  const [first] = eventDays(board.brief)
  const args = {
    event_title: board.brief.title,
    start_date: board.brief.date_range_start.slice(0, 10),
    start_time: board.brief.date_range_start.slice(11, 16),
    duration_hours: Math.min(24, Math.max(1, (first!.end - first!.start) / 3_600_000)),
    location,
    description: board.brief.objectives.slice(0, 2000),
    calendar_name: calendar,
  }
  const agent = 'logistics-coordinator'
  const { use } = await callTeamTool(kernel, board.brief.id, agent, 'create_calendar_event', args, {
    callId: board.brief.id,
    signal,
  })
  const uses = [{ ...use, call_id: `${key}:calendar` }]
  if (!kernel.config.planning.a2aAgentHost) return uses
  const message = `Create an event "${args.event_title}" on ${args.start_date} at ${args.start_time} UTC for ${args.duration_hours} hours${location ? ` at ${location}` : ''}.`
  const asked = await callTeamTool(
    kernel,
    board.brief.id,
    agent,
    'ask_calendar_agent',
    { message },
    { callId: `${board.brief.id}:a2a`, signal },
  )
  return [...uses, { ...asked.use, call_id: `${key}:calendar-agent` }]
}
