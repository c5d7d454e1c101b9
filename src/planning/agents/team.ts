import { AGENT_DISPLAY_NAMES, type AgentName, type CoreAgent } from '../schema.ts'
import { AGENT_SHEETS, type AgentSheet } from './instructions.ts'
import type { Specialist } from './specialist.ts'

const SHORT_NAMES: Readonly<Record<CoreAgent, string>> = {
  'event-planner': 'planner',
  'venue-researcher': 'venue',
  'budget-analyst': 'budget',
  'logistics-coordinator': 'logistics',
  'catering-coordinator': 'catering',
}
let joined: readonly Specialist[] = []

/** Sets who works beside the five agents, in the order they work. Called once at start. */
export function joinTeam(specialists: readonly Specialist[]): void {
  joined = specialists
}
export const specialists = (): readonly Specialist[] => joined
export const teamSheets = (): readonly AgentSheet[] => [...AGENT_SHEETS, ...joined]
/** The declaration of an agent. Throws for a name that nobody of the team has. */
export function sheetOf(name: AgentName): AgentSheet {
  const sheet = teamSheets().find((one) => one.name === name)
  if (!sheet) throw new Error(`no agent ${name}`)
  return sheet
}
export const isOnTeam = (name: string): boolean => teamSheets().some((sheet) => sheet.name === name)
export const displayNameOf = (name: AgentName): string =>
  AGENT_DISPLAY_NAMES[name as CoreAgent] ?? joined.find((one) => one.name === name)?.display_name ?? name
/** What an agent is called in routing (contract 4.1). */
export const shortNameOf = (name: AgentName): string =>
  SHORT_NAMES[name as CoreAgent] ?? joined.find((one) => one.name === name)?.short_name ?? name
export const agentCalled = (short: string): AgentName | undefined =>
  Object.keys(SHORT_NAMES).find((name) => SHORT_NAMES[name as CoreAgent] === short) ??
  joined.find((one) => one.short_name === short)?.name
