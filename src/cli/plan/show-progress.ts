import type { AgentSession } from '../../planning/schema.ts'

const STATES = ['Initiate', 'Plan', 'Research', 'Budget', 'Logistics', 'Confirm', 'Execute', 'Postmortem']

/** Tells what changed since the last look: the phase, who works, what was written. */
export function progressTeller(say: (text: string) => void) {
  let state = ''
  let agent: string | null = null
  let written = 0
  return (session: AgentSession) => {
    if (session.lifecycle_state !== state) {
      state = session.lifecycle_state
      const at = STATES.indexOf(state)
      say(`[${'■'.repeat(at + 1)}${'·'.repeat(STATES.length - at - 1)}] ${state}`)
    }
    if (session.current_agent !== agent) {
      agent = session.current_agent
      if (agent) say(`  ▸ ${agent} at work`)
    }
    const fresh = new Map<string, number>()
    for (const { artifact_type } of session.artifacts_generated.slice(written))
      fresh.set(artifact_type, (fresh.get(artifact_type) ?? 0) + 1)
    written = session.artifacts_generated.length
    if (fresh.size > 0)
      say(`  ✓ wrote ${[...fresh].map(([type, count]) => (count > 1 ? `${type} ×${count}` : type)).join(', ')}`)
  }
}
