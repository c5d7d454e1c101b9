import type { Branch } from '../workflows/workflow-def.ts'
import { stateDef } from '../workflows/workflow-defs.ts'
import { currentArtifact } from './artifacts.ts'
import { cancelWorkflow } from './cancel-workflow.ts'
import type { EngineDecision } from './engine-state.ts'
import { fail } from './fail-workflow.ts'
import { segmentsOf } from './fan-out.ts'
import { mediaTasks, scenesWithoutSegment } from './media-check.ts'
import { putArtifact } from './put-artifact.ts'
import { repeat } from './repeat.ts'
import { isDead } from './task-graph.ts'
import { countLoop, patchPass, patchTask, say, set, settlePause, type Work } from './work.ts'

/** The same person's or engine's answer in one record. */
export type Answerer = { actor: string; automatic: boolean }

const LOOP_LIMIT = 3

/**
 * Records a choice and does what it says. The caller has checked that the decision is pending and the choice is one of
 * its options.
 */
export function applyChoice(w: Work, decisionId: string, choice: string, feedback: string | null, by: Answerer) {
  const decision = w.s.decisions.find((d) => d.decision_id === decisionId)!
  set(w, {
    decisions: w.s.decisions.map((d) =>
      d === decision
        ? { ...d, status: 'answered', choice, feedback, actor: by.actor, automatic: by.automatic, at: w.now }
        : d,
    ),
    paused: { ...w.s.paused, decision: false },
  })
  say(w, 'workflow.decision_resolved', { decision_id: decisionId, point: decision.point, choice, feedback, ...by })
  settlePause(w, choice)
  HANDLERS[decision.point]?.(w, decision, choice, feedback) ?? followBranch(w, decision, choice, feedback)
}

type Handler = (w: Work, decision: EngineDecision, choice: string, feedback: string | null) => true

/** Whoever stops a workflow that is also paused ends the pause with it: it fails from `running`, as the status machine has it. */
const abort = (w: Work, decision: EngineDecision, type: string, task: string | null = null): true => {
  set(w, { paused: { user: false, decision: false, service: null } })
  settlePause(w, 'stopped by choice')
  fail(w, type, `Stopped by choice: ${decision.prompt}`, task)
  return true
}

const HANDLERS: Partial<Record<EngineDecision['point'], Handler>> = {
  task_failure: (w, decision, choice) => {
    const taskId = decision.subject!
    if (choice === 'abort') return abort(w, decision, 'ABORTED', taskId)
    if (choice === 'skip') patchTask(w, taskId, { skipped: true })
    else retryAfresh(w, taskId)
    return true
  },
  media_failure: (w, decision, choice) => {
    if (choice === 'abort') return abort(w, decision, 'MEDIA_FAILED')
    if (choice === 'retry') retryMedia(w, decision)
    else continueWithout(w)
    return true
  },
  budget_exceeded: (w, decision, choice) => {
    if (choice === 'abort') return abort(w, decision, 'BUDGET_EXCEEDED')
    set(w, { budget_accepted: true, quality_reduced: w.s.quality_reduced || choice === 'reduce_quality' })
    return true
  },
  quality_override: (w, decision, choice) => {
    if (choice === 'abort') return abort(w, decision, 'QUALITY_REJECTED')
    acceptSubject(w, decision.subject ?? '')
    return true
  },
}

/** Accepted as it is: the gate, quality control, or the approval whose loops were used up. */
function acceptSubject(w: Work, subject: string) {
  const def = stateDef(w.s.type, w.s.current_state)
  if (subject === 'qc') return patchPass(w, { qc_accepted: true })
  const point = def.points.find((p) => p.point === subject)
  if (!point) return patchPass(w, { gate_accepted: true })
  const pass = w.s.passes[w.s.current_state]!
  patchPass(w, { points: { ...pass.points, [point.point]: 'approved' }, over_limit: null })
}

/** Back to pending with all its tries. */
export function retryAfresh(w: Work, taskId: string, input: Record<string, unknown> = {}) {
  const task = w.s.tasks.find((t) => t.task_id === taskId)!
  patchTask(w, taskId, {
    status: 'pending',
    input: { ...task.input, ...input },
    skipped: false,
    retry_count: 0,
    lost_count: 0,
    repaired: false,
    tried: {},
    agent_id: null,
    started_at: null,
    completed_at: null,
    next_retry_at: null,
    error_type: null,
    error_message: null,
    error_category: null,
    external_job_id: null,
  })
  say(w, 'task.retrying', { task_id: taskId, task_type: task.task_type, next_retry: null })
}

/** Only the failed items; when none failed, the voices did not match and are spoken again. */
function retryMedia(w: Work, decision: EngineDecision) {
  const dead = mediaTasks(w.s).filter(isDead)
  if (decision.subject) countLoop(w, decision.subject)
  if (dead.length > 0) {
    for (const task of dead) retryAfresh(w, task.task_id)
    return patchPass(w, { media_accepted: false, media_continued: false })
  }
  repeat(w, {
    kind: 'repeat',
    state: w.s.current_state,
    tasks: ['dialogue_audio'],
    only: null,
    loop: '',
    issues: (decision.context.issues as string[] | undefined) ?? [],
    feedback: null,
    reason: 'the voices do not match',
  })
}

/** Goes on as it is; a scene without any segment gets a placeholder in the place of its first one. */
function continueWithout(w: Work) {
  const plan = segmentsOf(w.s)
  for (const scene of scenesWithoutSegment(w.s)) {
    const first = plan.find((p) => p.scene_number === scene)!
    const task = mediaTasks(w.s).find((t) => t.task_type === 'segments' && t.input.segment_id === first.segment_id)
    if (task && isDead(task)) retryAfresh(w, task.task_id, { placeholder: true })
  }
  const waiting = mediaTasks(w.s).some((t) => t.status === 'pending')
  patchPass(w, waiting ? { media_continued: true } : { media_accepted: true, gate_accepted: true })
  if (waiting) set(w, { warnings: [...w.s.warnings, 'scenes without a segment get a placeholder'] })
}

function followBranch(w: Work, decision: EngineDecision, choice: string, feedback: string | null): true {
  const def = stateDef(w.s.type, w.s.current_state)
  const point = def.points.find((p) => p.point === decision.point)!
  const branch = point.branches[choice]!
  if (branch.to === 'cancelled') rejectWorkflow(w, decision, feedback)
  else if (branch.to === 'next') resolve(w, decision, choice)
  else goBack(w, decision, choice, branch, feedback)
  return true
}

function resolve(w: Work, decision: EngineDecision, choice: string) {
  const pass = w.s.passes[w.s.current_state]!
  patchPass(w, { points: { ...pass.points, [decision.point]: choice } })
  if (decision.point === 'concept_selection') chooseConcept(w, Number(choice.split('_')[1]) - 1)
}

function chooseConcept(w: Work, index: number) {
  const option = currentArtifact(w.s, 'concept_options', index)
  if (!option) throw new Error(`workflow ${w.s.workflow_id} has no concept ${index + 1}`)
  putArtifact(w, { ...option, name: 'concept_brief', index: null })
}

function goBack(
  w: Work,
  decision: EngineDecision,
  choice: string,
  branch: Extract<Branch, { to: 'repeat' }>,
  feedback: string | null,
) {
  const loop = `${decision.point}.${choice}`
  if (branch.limited && (w.s.loops[loop] ?? 0) >= LOOP_LIMIT) return patchPass(w, { over_limit: decision.point })
  resetGateLoops(w)
  repeat(w, {
    kind: 'repeat',
    state: branch.state,
    tasks: branch.tasks,
    only: null,
    loop,
    issues: [],
    feedback,
    reason: `${decision.point.replaceAll('_', ' ')}: ${choice.replaceAll('_', ' ')}`,
  })
}

/** New instructions of a person give the gates their tries back. */
const resetGateLoops = (w: Work) =>
  set(w, {
    loops: Object.fromEntries(Object.entries(w.s.loops).filter(([key]) => !/^(gate|qc)\./.test(key))),
  })

function rejectWorkflow(w: Work, decision: EngineDecision, feedback: string | null) {
  const reason = `${decision.point.replaceAll('_', ' ')}: rejected${feedback ? ` (${feedback})` : ''}`
  cancelWorkflow(w, reason)
}
