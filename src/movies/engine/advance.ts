import type { QcReport } from '../schema.ts'
import type { PointDef, StateDef, TaskDef } from '../workflows/workflow-def.ts'
import { WORKFLOWS } from '../workflows/workflow-defs.ts'
import { contentOf } from './artifacts.ts'
import { budgetOverrun } from './budget.ts'
import type { Command } from './commands.ts'
import { deliverableNames } from './deliverables.ts'
import type { EngineState, EngineTask } from './engine-state.ts'
import { CHECKS } from './gate-checks.ts'
import { makeTasks } from './make-tasks.ts'
import { mediaIssues, mediaTasks, scenesWithoutSegment } from './media-check.ts'
import { holds, runSettings } from './run-settings.ts'
import {
  currentDef,
  currentPass,
  isDead,
  isSettled,
  lacksFrames,
  liveTasks,
  presentAfter,
  runPoints,
  runTasks,
  typeIsDone,
} from './task-graph.ts'

/**
 * What a workflow does next, as commands; [] when it waits for tasks, a person or a service. Pure: same state, same
 * commands. The rules stand in the order in which they are asked; the first that has something to say wins, and the
 * caller asks again after applying it (./transition.ts), so every rule may rely on those before it having nothing to do.
 */
export function advance(s: EngineState): Command[] {
  if (s.status !== 'running' || s.queued) return []
  for (const rule of RULES) {
    const commands = rule(s, currentDef(s))
    if (commands.length > 0) return commands
  }
  return []
}

type Rule = (s: EngineState, def: StateDef) => Command[]

const skipState: Rule = (s, def) => (holds(s, def.when) ? [] : [{ kind: 'finish_state', skipped: true }])

/** A task is created as soon as everything it follows is created, and a point it follows is resolved. */
const createTasks: Rule = (s, def) => {
  const pass = currentPass(s)
  for (const task of runTasks(s, def)) {
    if (pass.expanded[task.id] !== undefined) continue
    const after = presentAfter(s, def, task.after)
    const known = after.tasks.every((id) => pass.expanded[id] !== undefined) && fanOutIsKnown(s, task, after.tasks)
    if (known && after.points.every((id) => pass.points[id as PointDef['point']] !== undefined))
      return [{ kind: 'create_tasks', task_type: task.id, ...makeTasks(s, def, task) }]
  }
  return []
}

/** The items of a fan-out are known when what it follows is done; frames, lines and segments are known from the start. */
const fanOutIsKnown = (s: EngineState, task: TaskDef, after: string[]) =>
  task.fanOut !== 'character' || after.every((id) => typeIsDone(s, id))

/** A segment none of whose frames exist cannot be made. */
const failSegments: Rule = (s) => {
  const byId = new Map(s.tasks.map((t) => [t.task_id, t]))
  return liveTasks(s, s.current_state, 'segments')
    .filter(
      (t) =>
        t.status === 'pending' &&
        lacksFrames(
          t,
          t.dependencies.flatMap((id) => byId.get(id) ?? []),
        ),
    )
    .map((t) => ({
      kind: 'fail_task',
      task_id: t.task_id,
      error_type: 'NO_FRAMES',
      message: `None of the frames of ${t.input.segment_id} exist`,
    }))
}

const isRequired = (s: EngineState, t: EngineTask) =>
  !t.optional || deliverableNames(s).some((name) => name === t.produces)

/** Optional work that failed is passed over; required work asks a person, or fails the workflow in automatic mode. */
const settleFailures: Rule = (s) => {
  const dead = liveTasks(s).filter((t) => isDead(t) && !t.media)
  const optional = dead.filter((t) => !isRequired(s, t))
  if (optional.length > 0)
    return optional.map((t) => ({ kind: 'skip_task', task_id: t.task_id, reason: t.error_message ?? 'failed' }))
  const [task] = dead
  if (!task) return []
  if (runSettings(s).auto)
    return [
      {
        kind: 'fail',
        error_type: task.error_type ?? 'TASK_FAILED',
        message: task.error_message ?? `Task ${task.name} failed`,
        task_id: task.task_id,
      },
    ]
  return [
    {
      kind: 'raise',
      point: 'task_failure',
      subject: task.task_id,
      prompt: `${task.name} failed: ${task.error_message ?? 'no reason given'}. What now?`,
      shows: [],
      context: {
        task_id: task.task_id,
        task_type: task.task_type,
        error_type: task.error_type,
        error_message: task.error_message,
        retry_count: task.retry_count,
      },
      automatic: null,
    },
  ]
}

const checkBudget: Rule = (s) => {
  const overrun = budgetOverrun(s)
  if (s.budget_accepted || overrun.length === 0) return []
  return [
    {
      kind: 'raise',
      point: 'budget_exceeded',
      subject: null,
      prompt: `The budget is used up: ${overrun.join('; ')}. Continue, go on with reduced quality, or stop?`,
      shows: [],
      context: { overrun },
      automatic: runSettings(s).auto ? 'continue' : null,
    },
  ]
}

/** When no frame, segment or line is left to make: good enough, or a person decides (G4). */
const checkMedia: Rule = (s) => {
  const tasks = mediaTasks(s)
  const pass = currentPass(s)
  const groups = runTasks(s, currentDef(s)).filter(
    (t) => t.fanOut === 'frame' || t.fanOut === 'segment' || t.fanOut === 'line',
  )
  if (groups.length === 0 || pass.media_accepted || groups.some((t) => pass.expanded[t.id] === undefined)) return []
  if (tasks.some((t) => !isSettled(t) && !isDead(t))) return []
  if (pass.media_continued && scenesWithoutSegment(s).length === 0) return [{ kind: 'accept_media' }]
  const issues = mediaIssues(s)
  return issues.length === 0 ? [{ kind: 'accept_media' }] : mediaFailure(s, issues)
}

function mediaFailure(s: EngineState, issues: string[]): Command[] {
  const { auto } = runSettings(s)
  const loop = `media_failure@${s.current_state}#${s.visits[s.current_state] ?? 1}`
  const without = scenesWithoutSegment(s)
  if (auto && (s.loops[loop] ?? 0) > 0 && without.length > 0)
    return [
      { kind: 'fail', error_type: 'MEDIA_FAILED', message: `Media is incomplete: ${issues.join('; ')}`, task_id: null },
    ]
  return [
    {
      kind: 'raise',
      point: 'media_failure',
      subject: loop,
      prompt: `Media is incomplete: ${issues.join('; ')}. Try again, go on as it is, or stop?`,
      shows: [],
      context: {
        issues,
        scenes_without_segment: without,
        failed: mediaTasks(s)
          .filter(isDead)
          .map((t) => ({ task_id: t.task_id, name: t.name, error: t.error_message })),
      },
      automatic: auto ? ((s.loops[loop] ?? 0) === 0 ? 'retry' : 'continue') : null,
    },
  ]
}

/** The branch on quality control (4.5): bad segments are made again, anything else is cut again, then a person decides. */
const branchOnQc: Rule = (s, def) => {
  const report = contentOf(s, 'qc_report') as QcReport | null
  if (!def.qc || currentPass(s).qc_accepted || !typeIsDone(s, def.qc.after) || !report) return []
  if (report.status === 'pass') return [{ kind: 'accept_qc' }]
  const high = report.issues.filter((issue) => issue.severity === 'high')
  const serious = high.length > 0 ? high : report.issues
  const issues = serious.map((issue) => `${issue.code}: ${issue.description}`)
  const segments = [...new Set(serious.flatMap((issue) => issue.segment_id ?? []))]
  const to = def.qc
  if (segments.length > 0 && (s.loops['qc.segments'] ?? 0) < to.segments.max)
    return [
      {
        kind: 'repeat',
        state: to.segments.state,
        tasks: ['segments'],
        only: { key: 'segment_id', values: segments },
        loop: 'qc.segments',
        issues,
        feedback: null,
        reason: 'quality control found bad segments',
      },
    ]
  if (segments.length === 0 && (s.loops['qc.other'] ?? 0) < to.other.max)
    return [
      {
        kind: 'repeat',
        state: to.other.state,
        tasks: [to.other.task],
        only: null,
        loop: 'qc.other',
        issues,
        feedback: null,
        reason: 'quality control failed the film',
      },
    ]
  return [override(s, 'qc', `Quality control still fails the film: ${issues.join('; ')}. Accept it as it is?`, issues)]
}

const override = (s: EngineState, subject: string, prompt: string, issues: string[]): Command => ({
  kind: 'raise',
  point: 'quality_override',
  subject,
  prompt,
  shows: [],
  context: { issues, subject },
  automatic: runSettings(s).auto ? 'accept' : null,
})

/** The fourth change of one kind is not made: somebody decides whether the present state will do. */
const overLimit: Rule = (s) => {
  const { over_limit } = currentPass(s)
  if (over_limit === null) return []
  const name = over_limit.replaceAll('_', ' ')
  return [override(s, over_limit, `The changes of ${name} are used up. Accept the present state?`, [])]
}

const pointRule =
  (afterGate: boolean): Rule =>
  (s, def) => {
    const pass = currentPass(s)
    for (const point of runPoints(s, def)) {
      if (pass.points[point.point] !== undefined || point.after.includes('gate') !== afterGate) continue
      if (afterGate ? pass.gate !== 'passed' : !point.after.every((id) => typeIsDone(s, id) || isAbsent(s, def, id)))
        continue
      return [ask(s, point)]
    }
    return []
  }

const isAbsent = (s: EngineState, def: StateDef, id: string) => !runTasks(s, def).some((t) => t.id === id)

/** An approval that would be the fourth of its kind is raised as usual; its limit is checked when it is answered. */
const ask = (s: EngineState, point: PointDef): Command => ({
  kind: 'raise',
  point: point.point,
  subject: point.point,
  prompt: point.prompt,
  shows: point.shows,
  context: { loop_count: loopCount(s, point.point) },
  automatic: runSettings(s).auto && point.enabled === 'always' ? Object.keys(point.branches)[0]! : null,
})

export const loopCount = (s: EngineState, point: string) =>
  Object.entries(s.loops).reduce((n, [key, count]) => (key.startsWith(`${point}.`) ? n + count : n), 0)

const allDone = (s: EngineState, def: StateDef) => runTasks(s, def).every((t) => typeIsDone(s, t.id))

const checkGate: Rule = (s, def) => {
  const pass = currentPass(s)
  if (pass.gate === 'passed' || !allDone(s, def)) return []
  const issues = gateIssues(s, def)
  if (issues.length === 0 || pass.gate_accepted) return [{ kind: 'pass_gate', gate: def.gate.id, warnings: issues }]
  const { repeat, max, exhausted } = def.gate.onFail
  const loop = `gate.${def.gate.id}`
  if (repeat !== null && (s.loops[loop] ?? 0) < max)
    return [
      {
        kind: 'repeat',
        state: stateOfTask(s, repeat),
        tasks: [repeat],
        only: null,
        loop,
        issues,
        feedback: null,
        reason: `gate ${def.gate.id} did not pass`,
      },
    ]
  if (exhausted === 'warning') return [{ kind: 'pass_gate', gate: def.gate.id, warnings: issues }]
  if (exhausted === 'media_failure') return mediaFailure(s, issues)
  if (exhausted === 'quality_override')
    return [
      override(
        s,
        def.gate.id,
        `${def.id.replaceAll('_', ' ')} does not pass ${def.gate.id}: ${issues.join('; ')}. Accept it?`,
        issues,
      ),
    ]
  return [{ kind: 'fail', error_type: 'MISSING_DELIVERABLES', message: issues.join('; '), task_id: null }]
}

const gateIssues = (s: EngineState, def: StateDef): string[] => {
  const standard = runSettings(s).profile === 'short' ? [] : (def.gate.standardChecks ?? [])
  return [...def.gate.checks, ...standard].flatMap((check) => CHECKS[check](s))
}

/** The state a task belongs to: the current one, or the one before it that makes it (character_review). */
function stateOfTask(s: EngineState, type: string): string {
  if (currentDef(s).tasks.some((t) => t.id === type)) return s.current_state
  return WORKFLOWS[s.type].states.find((state) => state.tasks.some((t) => t.id === type))!.id
}

const finish: Rule = (s, def) => {
  const pass = currentPass(s)
  const pointsOpen = runPoints(s, def).some((point) => pass.points[point.point] === undefined)
  return pass.gate === 'passed' && !pointsOpen ? [{ kind: 'finish_state', skipped: false }] : []
}

const RULES: readonly Rule[] = [
  skipState,
  createTasks,
  failSegments,
  settleFailures,
  checkBudget,
  checkMedia,
  branchOnQc,
  overLimit,
  pointRule(false),
  checkGate,
  pointRule(true),
  finish,
]
