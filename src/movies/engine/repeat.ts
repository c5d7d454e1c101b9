import { stateDef, stateIndex, WORKFLOWS } from '../workflows/workflow-defs.ts'
import type { Command } from './commands.ts'
import { type EngineTask, emptyPass } from './engine-state.ts'
import { dependentsOf } from './task-graph.ts'
import { cancelTasks, countLoop, say, set, type Work } from './work.ts'

/**
 * Runs tasks of a state again, then everything that depends on them (contract 4.8): the named tasks or some of their
 * items, the tasks of the state that follow them, and all tasks of later states. What is replaced stays as history.
 */
export function repeat(
  w: Work,
  command: Extract<Command, { kind: 'repeat' }>,
  /** Items of the fan-outs that follow which stay as they are, because nothing they are made of changes. */
  untouched: (t: EngineTask) => boolean = () => false,
) {
  const def = stateDef(w.s.type, command.state)
  const followers = dependentsOf(def, command.tasks)
  const again = new Set(command.tasks)
  const isItem = (t: EngineTask) => !command.only || command.only.values.includes(String(t.input[command.only.key]))
  const later = new Set(
    WORKFLOWS[w.s.type].states.slice(stateIndex(w.s.type, command.state) + 1).map((state) => state.id),
  )
  const replaced = (t: EngineTask) =>
    !t.superseded &&
    (later.has(t.state) ||
      (t.state === command.state && (again.has(t.task_type) ? isItem(t) : followers.has(t.task_type) && !untouched(t))))

  cancelTasks(w, (t) => !replaced(t))
  set(w, { tasks: w.s.tasks.map((t) => (replaced(t) ? { ...t, superseded: true } : t)) })
  resetPasses(w, command.state, later, followers)
  noteReasons(w, command)
  releaseSupplied(w, command.tasks, command.state)
  if (command.loop) countLoop(w, command.loop)
  goBackTo(w, command.state, command.reason)
}

/** What follows is created and asked again; a fan-out of which items are kept is completed by the missing ones. */
function resetPasses(w: Work, state: string, later: Set<string>, followers: Set<string>) {
  const pass = w.s.passes[state] ?? emptyPass(w.now)
  const kept = Object.entries(w.s.passes).filter(([id]) => !later.has(id))
  const without = <T>(record: Record<string, T>, gone: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !gone(key)))
  set(w, {
    passes: {
      ...Object.fromEntries(kept),
      [state]: {
        ...emptyPass(pass.entered_at),
        expanded: without(pass.expanded, (type) => followers.has(type)),
        points: without(pass.points, (point) => followers.has(point) || afterGate(w, state, point)),
      },
    },
  })
}

const afterGate = (w: Work, state: string, point: string) =>
  stateDef(w.s.type, state).points.some((p) => p.point === point && p.after.includes('gate'))

function noteReasons(w: Work, command: Extract<Command, { kind: 'repeat' }>) {
  const notes = { ...w.s.notes }
  for (const type of command.tasks) {
    const present = notes[type] ?? { feedback: [], issues: [] }
    notes[type] = {
      feedback: command.feedback ? [...present.feedback, command.feedback] : present.feedback,
      issues: command.issues.length > 0 ? command.issues : present.issues,
    }
  }
  set(w, { notes })
}

/** A supplied artifact whose task is asked to run again no longer stands in for it. */
function releaseSupplied(w: Work, types: readonly string[], state: string) {
  const products = new Set<string>(
    stateDef(w.s.type, state)
      .tasks.filter((t) => types.includes(t.id))
      .map((t) => t.produces),
  )
  set(w, {
    artifacts: w.s.artifacts.map((a) =>
      products.has(a.name) && a.origin !== 'made' && !a.dropped ? { ...a, origin: 'made' } : a,
    ),
  })
}

function goBackTo(w: Work, state: string, reason: string) {
  const from = w.s.current_state
  const at = stateIndex(w.s.type, state)
  set(w, {
    current_state: state,
    completed_states: w.s.completed_states.filter((id) => stateIndex(w.s.type, id) < at),
    visits: from === state ? w.s.visits : { ...w.s.visits, [state]: (w.s.visits[state] ?? 0) + 1 },
    progress: 0,
  })
  if (from !== state)
    say(w, 'workflow.state_changed', { from, to: state, completed_states: w.s.completed_states, loop: true, reason })
}
