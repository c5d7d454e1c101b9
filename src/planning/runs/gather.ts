import type { Kernel } from '../../kernel/kernel.ts'
import { callTool } from '../../kernel/tools/call-tool.ts'
import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import { eventDays } from '../agents/calendar-days.ts'
import type { Found } from '../agents/turn.ts'
import { criteriaOf } from '../agents/venue-craft.ts'
import type { Board } from '../artifacts/board.ts'
import { locationPreferences, namedPlace } from '../inference/place.ts'
import type { InstructionLevel } from '../schema.ts'
import { calendarTools } from '../tools/calendar.ts'
import { eventWeather } from '../tools/weather.ts'
import { sampleVenues } from '../venues/catalogue.ts'
import type { Step } from './steps.ts'

export type ToolUse = {
  call_id: string
  tool_name: string
  arguments: Record<string, unknown>
  result: string
  error?: string
  duration_ms: number
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
  const { brief } = board
  const text = `${brief.constraints}\n${brief.objectives}`
  const found: Found = { venues: [], weather: null }
  const uses: ToolUse[] = []
  if (step.task === 'venues') {
    const criteria = criteriaOf({ board, level })
    const query = {
      audience: brief.audience_size,
      price_limit: criteria.budget_range_max,
      place: namedPlace(text),
      areas: locationPreferences(text).filter((one) => one !== namedPlace(text)),
    }
    const started = Date.now()
    found.venues = sampleVenues(query)
    uses.push({
      call_id: `${key}:venue_search`,
      tool_name: 'venue_search',
      arguments: {
        location: criteria.location_preferences.join(', ') || 'anywhere',
        min_capacity: criteria.min_capacity,
        max_capacity: criteria.max_capacity,
        budget_max: criteria.budget_range_max,
        amenities: criteria.required_amenities,
      },
      result: `${found.venues.length} venues of the offline catalogue: ${found.venues.map(({ name }) => name).join(', ')}`,
      duration_ms: Date.now() - started,
    })
  }
  if (step.task === 'operations') {
    const started = Date.now()
    found.weather = await eventWeather(namedPlace(text), brief.date_range_start, new Date(kernel.clock.now()), signal)
    uses.push({
      call_id: `${key}:weather`,
      tool_name: 'get_weather_forecast',
      arguments: { location: namedPlace(text) ?? '', date: brief.date_range_start.slice(0, 10) },
      result: found.weather,
      duration_ms: Date.now() - started,
    })
  }
  return { found, uses }
}

/** Writes the event into its calendar; the same call writes the same entry once. */
export async function enterCalendar(
  kernel: Kernel,
  board: Board,
  calendar: string,
  location: string,
  key: string,
  signal: AbortSignal,
): Promise<ToolUse> {
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
  const registry = createToolRegistry([...calendarTools(kernel.config.planning.calendarStoragePath)])
  const outcome = await callTool('create_calendar_event', args, { callId: board.brief.id, signal }, { registry })
  const result = outcome.ok ? String(outcome.value) : outcome.message
  const failed = !outcome.ok || result.startsWith('Error')
  return {
    call_id: `${key}:calendar`,
    tool_name: 'create_calendar_event',
    arguments: args,
    result,
    ...(failed ? { error: result } : {}),
    duration_ms: Math.round(outcome.durationMs),
  }
}
