import type { Kernel } from '../../kernel/kernel.ts'
import { sheetOf } from '../agents/team.ts'
import type { AgentName } from '../schema.ts'
import { calendarTools } from './calendar.ts'
import { calendarAgent } from './calendar-agent.ts'
import { codeInterpreter } from './code-interpreter.ts'
import { costAnalysis } from './cost-analysis.ts'
import { notifyTool } from './notify.ts'
import { type PlanningTool, planningTool } from './planning-tool.ts'
import { askEndpoint } from './provider.ts'
import { sequentialThinking } from './sequential-thinking.ts'
import { venueSearch } from './venue-search.ts'
import { weatherTool } from './weather.ts'
import { webSearch } from './web-search.ts'

const boxes = new WeakMap<Kernel, readonly PlanningTool[]>()

/** Every tool of the planning team that this process is configured for (contract 4.6). */
export function toolbox(kernel: Kernel): readonly PlanningTool[] {
  const known = boxes.get(kernel)
  if (known) return known
  const {
    searchProvider,
    searchEndpoint,
    calendarStoragePath,
    sequentialThinkingCommand,
    maxHistorySize,
    a2aAgentHost,
  } = kernel.config.planning
  const ask = searchProvider !== 'fixture' && searchEndpoint ? askEndpoint(searchEndpoint) : undefined
  const box = [
    webSearch(ask),
    venueSearch(ask),
    planningTool(weatherTool, {
      artifactMapping: [{ from: '', to: 'LogisticsPlan.weather' }],
      tests: ['src/planning/tools/weather.test.ts'],
    }),
    ...calendarTools(calendarStoragePath).map((tool) =>
      planningTool(tool as never, { artifactMapping: [], tests: ['src/planning/tools/calendar.test.ts'] }),
    ),
    codeInterpreter,
    costAnalysis,
    notifyTool(kernel),
    ...(sequentialThinkingCommand ? [sequentialThinking(sequentialThinkingCommand, maxHistorySize)] : []),
    ...(a2aAgentHost ? [calendarAgent(a2aAgentHost)] : []),
  ]
  boxes.set(kernel, box)
  return box
}

/** What an agent may use: the tools of its declaration, thinking for all, the calendar agent for whoever keeps the calendar. */
export function toolsOf(kernel: Kernel, agent: AgentName): readonly PlanningTool[] {
  const own = new Set(sheetOf(agent).tools)
  if (own.has('create_calendar_event')) own.add('ask_calendar_agent')
  own.add('sequential_thinking')
  return toolbox(kernel).filter(({ name }) => own.has(name))
}
