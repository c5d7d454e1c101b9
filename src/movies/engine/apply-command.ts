import { artifactKind, DECISION_OPTIONS, type DecisionPoint, isArtifactName } from '../schema.ts'
import { stateIndex, WORKFLOWS } from '../workflows/workflow-defs.ts'
import { applyChoice } from './apply-choice.ts'
import { contentOf, currentItems } from './artifacts.ts'
import type { Command } from './commands.ts'
import { deliverableNames, deliverablesOf } from './deliverables.ts'
import { type EngineDecision, type EngineState, emptyPass } from './engine-state.ts'
import { fail } from './fail-workflow.ts'
import { productOf } from './fan-out.ts'
import { dropItems } from './put-artifact.ts'
import { repeat } from './repeat.ts'
import { runSettings } from './run-settings.ts'
import { currentDef } from './task-graph.ts'
import { patchPass, patchTask, say, set, setError, setStatus, settlePause, type Work } from './work.ts'

/** Carries one command of `advance` out on the state. */
export function applyCommand(w: Work, command: Command) {
  switch (command.kind) {
    case 'create_tasks':
      return createTasks(w, command)
    case 'skip_task':
      patchTask(w, command.task_id, { skipped: true, warnings: [`left out: ${command.reason}`] })
      return set(w, { warnings: [...w.s.warnings, `${command.task_id} left out: ${command.reason}`] })
    case 'fail_task':
      return failTask(w, command)
    case 'raise':
      return raise(w, command)
    case 'accept_media':
      return patchPass(w, { media_accepted: true })
    case 'accept_qc':
      return patchPass(w, { qc_accepted: true })
    case 'pass_gate':
      patchPass(w, { gate: 'passed', warnings: command.warnings })
      return set(w, { warnings: [...w.s.warnings, ...command.warnings] })
    case 'repeat':
      return repeat(w, command)
    case 'finish_state':
      return finishState(w, command.skipped)
    case 'complete':
      return complete(w)
    case 'fail':
      return fail(w, command.error_type, command.message, command.task_id)
  }
}

function createTasks(w: Work, command: Extract<Command, { kind: 'create_tasks' }>) {
  const def = currentDef(w.s).tasks.find((t) => t.id === command.task_type)!
  if (def.fanOut) dropItems(w, productOf(w.s, def), command.count)
  const pass = w.s.passes[w.s.current_state]!
  patchPass(w, { expanded: { ...pass.expanded, [command.task_type]: command.count } })
  const { [command.task_type]: _used, ...notes } = w.s.notes
  set(w, { tasks: [...w.s.tasks, ...command.tasks], notes })
}

function failTask(w: Work, command: Extract<Command, { kind: 'fail_task' }>) {
  patchTask(w, command.task_id, {
    status: 'failed',
    completed_at: w.now,
    error_type: command.error_type,
    error_message: command.message,
    error_category: 'permanent',
  })
  say(w, 'task.failed', { task_id: command.task_id, error: command.message, error_type: command.error_type })
}

const pad = (n: number) => String(n).padStart(3, '0')

function raise(w: Work, command: Extract<Command, { kind: 'raise' }>) {
  const options = DECISION_OPTIONS[command.point]
  const number = 1 + w.s.decisions.filter((d) => d.point === command.point).length
  const { decision_timeout_hours } = runSettings(w.s)
  const decision: EngineDecision = {
    decision_id: `${command.point}_${pad(number)}`,
    point: command.point,
    state: w.s.current_state,
    prompt: command.prompt,
    options: [...options],
    context: { ...command.context, ...evidence(w.s, command.point, command.shows) },
    subject: command.subject,
    status: 'pending',
    choice: null,
    feedback: null,
    actor: null,
    automatic: command.automatic !== null,
    raised_at: w.now,
    timeout: new Date(Date.parse(w.now) + decision_timeout_hours * 3_600_000).toISOString(),
    at: null,
  }
  set(w, { decisions: [...w.s.decisions, decision] })
  if (command.automatic !== null)
    return applyChoice(w, decision.decision_id, command.automatic, null, { actor: 'system', automatic: true })
  set(w, { paused: { ...w.s.paused, decision: true } })
  say(w, 'workflow.decision_required', {
    decision_id: decision.decision_id,
    point: decision.point,
    prompt: decision.prompt,
    options: decision.options,
    context: decision.context,
    timeout: decision.timeout,
  })
  settlePause(w, 'decision')
}

/** What a person judges by: the artifacts of the point and the scores that exist. */
function evidence(s: EngineState, point: DecisionPoint, shows: readonly string[]) {
  const artifacts: Record<string, unknown> = {}
  for (const name of shows) {
    const content = isArtifactName(name) ? contentOf(s, name) : null
    if (content) artifacts[name] = content
  }
  if (point === 'concept_selection')
    artifacts.concept_options = currentItems(s, 'concept_options').map((option) => option.content)
  const scores = Object.fromEntries(
    s.artifacts.filter((a) => !a.dropped && a.quality_score !== null).map((a) => [a.name, a.quality_score]),
  )
  return { artifacts, scores }
}

function finishState(w: Work, skipped: boolean) {
  const from = w.s.current_state
  const states = WORKFLOWS[w.s.type].states
  const next = states[stateIndex(w.s.type, from) + 1]
  set(w, { completed_states: [...w.s.completed_states, from] })
  for (const name of deliverableNames(w.s)) announce(w, name, from)
  if (!next) return complete(w)
  set(w, {
    current_state: next.id,
    passes: { ...w.s.passes, [next.id]: emptyPass(w.now) },
    visits: { ...w.s.visits, [next.id]: (w.s.visits[next.id] ?? 0) + (w.s.passes[next.id] ? 0 : 1) },
  })
  say(w, 'workflow.state_changed', {
    from,
    to: next.id,
    completed_states: w.s.completed_states,
    ...(skipped ? { skipped: true } : {}),
  })
}

/** A deliverable is ready when the state that makes it is left. */
function announce(w: Work, name: string, state: string) {
  const made = WORKFLOWS[w.s.type].states.find((s) => s.id === state)!.tasks.some((t) => t.produces === name)
  const deliverable = deliverablesOf(w.s).find((d) => d.name === name)
  if (made && deliverable?.status === 'ready' && isArtifactName(name) && artifactKind(name))
    say(w, 'deliverable.ready', { name, location: deliverable.location, checksum: deliverable.checksum })
}

function complete(w: Work) {
  set(w, { paused: { user: false, decision: false, service: null }, waiting_on: [] })
  setStatus(w, 'completed', 'all deliverables are ready')
  setError(w, null)
}
