import type { SimEvent } from '../types.ts'

export type Interaction = { from: string; to: string; label: string }

/** Who dealt with whom in some events: from the actor of each action to its other participants, each pair and text once. */
export function interactionsOf(events: readonly SimEvent[]): Interaction[] {
  const found = new Map<string, Interaction>()
  for (const event of events) {
    const participants = event.details?.participating_agent_ids
    if (event.event_type !== 'ACTION' || !event.agent_id || !Array.isArray(participants)) continue
    for (const to of participants.map(String)) {
      if (to === event.agent_id) continue
      const label = event.description ?? `${event.agent_id} with ${to}`
      found.set(`${event.agent_id}>${to}>${label}`, { from: event.agent_id, to, label })
    }
  }
  return [...found.values()]
}
