/** The team as the contract names it, with a letter and a colour for orientation. */
export const TEAM = [
  { id: 'event-planner', name: 'Event Planner', short: 'Planner', color: 'var(--series-1)' },
  { id: 'venue-researcher', name: 'Venue Researcher', short: 'Venue', color: 'var(--series-2)' },
  { id: 'budget-analyst', name: 'Budget Analyst', short: 'Budget', color: 'var(--series-3)' },
  { id: 'catering-coordinator', name: 'Catering Coordinator', short: 'Catering', color: 'var(--series-5)' },
  { id: 'logistics-coordinator', name: 'Logistics Coordinator', short: 'Logistics', color: 'var(--series-4)' },
] as const

const LOOKS: Record<string, { tone: 'waiting' | 'running' | 'done' | 'failed' | 'paused'; word: string }> = {
  idle: { tone: 'paused', word: 'Idle' },
  thinking: { tone: 'running', word: 'Thinking' },
  responding: { tone: 'running', word: 'Responding' },
  waiting_approval: { tone: 'waiting', word: 'Waiting for approval' },
  waiting_input: { tone: 'waiting', word: 'Waiting for an answer' },
  error: { tone: 'failed', word: 'Error' },
}

export const agentLook = (state: string) => LOOKS[state] ?? { tone: 'paused' as const, word: state.replace(/_/g, ' ') }
export const memberOf = (id: string) => TEAM.find((member) => member.id === id)
