import type { EventRef, Phase } from '../events/event.ts'
import type { RunParts } from './run-parts.ts'

/** Goes to the next phase of the turn: its milestone, when wanted, and one breath for the event writer. */
export async function openPhase(parts: RunParts, from: Phase, to: Phase): Promise<EventRef> {
  await parts.breathe()
  const { events } = parts
  if (!parts.loaded.config.event_stream.phase_transitions) return events.phase
  events.phase = events.milestone({
    milestoneType: 'phase_transition',
    description: `Phase ${from} -> ${to}`,
    causedBy: [events.phase],
    extra: { phase_from: from, phase_to: to },
  })
  return events.phase
}
