import { advance } from './advance.ts'
import { applyCommand } from './apply-command.ts'
import type { EngineState, Transition } from './engine-state.ts'
import { estimateCompletion, progressOf } from './progress.ts'
import { begin, end, say, set, type Work } from './work.ts'

// More commands than any workflow can need at once; reaching it means a rule answers itself.
const MAX_COMMANDS = 20_000

/**
 * One input to the engine: applies `input` to a copy of the state, then everything `advance` says until the workflow
 * waits. Pure: the given state is not changed; the events are in the order in which things happened.
 */
export function transition(s: EngineState, now: string, input: (w: Work) => void = () => undefined): Transition {
  const w = begin(s, now)
  const before = s.progress
  input(w)
  settle(w)
  const progress = Math.max(w.s.status === 'completed' ? 100 : w.s.progress, progressOf(w.s))
  set(w, { progress })
  if (progress !== before)
    say(w, 'workflow.progress_updated', {
      progress_percentage: progress,
      estimated_completion: estimateCompletion(w.s, now),
    })
  return end(w)
}

function settle(w: Work) {
  for (let count = 0; ; ) {
    const commands = advance(w.s)
    if (commands.length === 0) return
    for (const command of commands) {
      applyCommand(w, command)
      if (++count > MAX_COMMANDS) throw new Error(`workflow ${w.s.workflow_id} does not settle at ${command.kind}`)
    }
  }
}
