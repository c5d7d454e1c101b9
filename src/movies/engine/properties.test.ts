import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WORKFLOW_TYPES, type WorkflowStatus } from '../schema.ts'
import { WORKFLOWS } from '../workflows/workflow-defs.ts'
import { type Agent, craftAgent, Play } from './_play.ts'
import { advance } from './advance.ts'
import { type CheckpointData, checkpointData, restoreCheckpoint } from './checkpoints.ts'
import {
  cancelByRequest,
  pauseWorkflow,
  resumeWorkflow,
  retryTask,
  startWorkflow,
  submitDecision,
  updateWorkflow,
} from './control-inputs.ts'
import { deliverablesOf } from './deliverables.ts'
import { type EngineState, pendingDecision } from './engine-state.ts'
import { dependenciesMet, isSettled, readyTasks } from './task-graph.ts'
import { completeTask, failTask, releaseTask, startTask, type TaskError } from './task-inputs.ts'
import { transition } from './transition.ts'
import type { Work } from './work.ts'

/**
 * Random lives of workflows: agents that answer, fail, hang, are reset, answer twice; people who decide, pause, resume,
 * change, restore, cancel. After every step the promises of the contract have to hold.
 */
const ALLOWED: Record<WorkflowStatus, WorkflowStatus[]> = {
  running: ['paused', 'completed', 'failed', 'cancelled'],
  paused: ['running', 'cancelled'],
  failed: ['running', 'cancelled', 'paused'],
  completed: [],
  cancelled: [],
}
const POLICY = { delaySeconds: 0.1, random: 0.5, agentRetries: 2 }
const by = { actor: 'person', automatic: false }
const ERRORS: TaskError[] = [
  { type: 'NETWORK', message: 'away', category: 'transient' },
  { type: 'INVALID_OUTPUT', message: 'no schema', category: 'recoverable' },
  { type: 'REFUSED', message: 'content refused', category: 'permanent' },
  { type: 'AGENT_LOST', message: 'gone', category: 'agent_lost' },
  { type: 'OUTAGE', message: 'service away', category: 'outage' },
]

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const one of Object.values(value)) freeze(one)
  }
  return value
}

/** A workflow that is moved by numbers; every state it was in is frozen, so that a change in place throws. */
class Life extends Play {
  saved: CheckpointData[] = []
  /** What a refused step refused with; anything but an AppError is a fault. */
  refusals: string[] = []

  override do(input: (w: Work) => void) {
    const before = this.state
    const count = this.events.length
    freeze(before)
    try {
      super.do(input)
    } catch (error) {
      if ((error as Error).name !== 'AppError' && !(error as { code?: string }).code) throw error
      this.refusals.push((error as { code: string }).code)
      return this
    }
    holds(before, this.state, this.events.slice(count))
    return this
  }

  /** One step: `n` chooses what happens, `m` to whom. */
  live(n: number, m: number) {
    const s = this.state
    const running = s.tasks.filter((t) => t.status === 'running')
    const decision = pendingDecision(s)
    const pick = <T>(list: readonly T[]): T | undefined => list[m % Math.max(1, list.length)]
    if (n < 45) return void this.step((ready) => pick(ready))
    if (n < 55) {
      const task = pick(this.ready())
      return task && this.do((w) => void startTask(w, task.task_id, `agent-${m % 3}`))
    }
    if (n < 63) {
      const task = pick(running)
      return task && this.do((w) => void failTask(w, task.task_id, pick(ERRORS)!, POLICY))
    }
    if (n < 66) {
      const task = pick(running)
      return task && this.do((w) => void releaseTask(w, task.task_id))
    }
    if (n < 69) return this.answerAgain(pick(s.tasks.filter((t) => t.status !== 'running')))
    if (n < 82)
      return (
        decision &&
        this.do((w) =>
          submitDecision(
            w,
            { decision_id: decision.decision_id, choice: pick(decision.options)!, feedback: 'shorter' },
            by,
          ),
        )
      )
    if (n < 85) return this.do(pauseWorkflow)
    if (n < 90) return this.do(resumeWorkflow)
    if (n < 92) return this.do(startWorkflow)
    if (n < 94) return this.do((w) => updateWorkflow(w, { priority: (m % 10) + 1 }))
    if (n < 96) {
      const task = pick(s.tasks.filter((t) => t.status === 'failed'))
      return task && this.do((w) => retryTask(w, task.task_id, {}, by))
    }
    if (n < 97) return void this.saved.push(checkpointData(this.state))
    if (n < 99) {
      const saved = pick(this.saved)
      return saved && this.do((w) => restoreCheckpoint(w, saved))
    }
    return m % 7 === 0 && this.do((w) => cancelByRequest(w, 'asked'))
  }

  /** A result that comes twice or too late changes nothing. */
  private answerAgain(task: EngineState['tasks'][number] | undefined) {
    if (!task) return
    const before = this.state
    const late = transition(before, before.updated_at, (w) => {
      const taken = completeTask(w, task.task_id, {
        content: { late: true },
        file: null,
        draft: true,
        generated_by: 'agent',
        quality_score: 1,
        resource_usage: {},
        warnings: [],
      })
      expect(taken).toBe(false)
    })
    expect(late.state.artifacts).toEqual(before.artifacts)
    expect(late.state.tasks).toEqual(before.tasks)
  }
}

function holds(before: EngineState, s: EngineState, events: { type: string; data: Record<string, unknown> }[]) {
  const order = WORKFLOWS[s.type].states.map((state) => state.id)
  for (const { type, data } of events)
    if (type === 'workflow.status_changed') expect(ALLOWED[data['from'] as WorkflowStatus]).toContain(data['to'])
  const pending = s.decisions.filter((d) => d.status === 'pending')
  expect(pending.length).toBeLessThanOrEqual(1)
  expect(s.paused.decision).toBe(pending.length === 1)
  if (s.status === 'paused') expect(s.paused.user || s.paused.decision || s.paused.service !== null).toBe(true)
  if (s.status === 'running') expect([s.paused.user, s.paused.decision, s.paused.service]).toEqual([false, false, null])

  expect(s.progress).toBeGreaterThanOrEqual(0)
  expect(s.progress).toBeLessThanOrEqual(100)
  const done = (x: EngineState) => x.tasks.filter((t) => !t.superseded && isSettled(t)).length
  const sentBack =
    done(s) < done(before) || s.tasks.some((t, i) => t.superseded && before.tasks[i]?.superseded === false)
  if (!sentBack) expect(s.progress).toBeGreaterThanOrEqual(before.progress)

  expect(order).toContain(s.current_state)
  expect(s.completed_states).toEqual(order.slice(0, s.completed_states.length))
  if (s.status !== 'completed') expect(order[s.completed_states.length]).toBe(s.current_state)

  const byId = new Map(s.tasks.map((t) => [t.task_id, t]))
  expect(byId.size).toBe(s.tasks.length)
  s.tasks.forEach((t, i) => {
    for (const id of t.dependencies) expect(s.tasks.findIndex((d) => d.task_id === id)).toBeLessThan(i) // so no cycles
    if (t.status === 'running') {
      expect(t.agent_id).not.toBeNull()
      expect(t.superseded).toBe(false)
    }
    expect(t.retry_count).toBeLessThanOrEqual(t.max_retries)
    if (t.status === 'completed') expect(t.completed_at).not.toBeNull()
  })
  for (const event of events)
    if (event.type === 'task.started')
      expect(
        dependenciesMet(
          before,
          byId.get(String(event.data['task_id']))!,
          new Map(before.tasks.map((t) => [t.task_id, t])),
        ),
      ).toBe(true)
  if (s.status !== 'running') {
    expect(readyTasks(s, '9999')).toEqual([])
    expect(events.some((e) => e.type === 'task.started')).toBe(false)
    expect(advance(s)).toEqual([])
  }

  const versions = new Map<string, number>()
  for (const a of s.artifacts) {
    const key = `${a.name}/${a.index}`
    expect(a.version).toBe((versions.get(key) ?? 0) + 1)
    versions.set(key, a.version)
  }
  expect(s.artifacts.length).toBeGreaterThanOrEqual(before.artifacts.length)

  if (s.status === 'completed') {
    expect(s.progress).toBe(100)
    expect(s.completed_states).toEqual(order)
    expect(deliverablesOf(s).filter((d) => d.status !== 'ready')).toEqual([])
    expect(s.tasks.filter((t) => !t.superseded && (t.status === 'pending' || t.status === 'running'))).toEqual([])
  }
}

const setting = fc.record({
  type: fc.constantFrom(...WORKFLOW_TYPES.filter((type) => type !== 'episode_production')),
  profile: fc.constantFrom('short', 'standard', 'full'),
  decision_mode: fc.constantFrom('auto', 'interactive'),
  interactive_concept: fc.boolean(),
  approval_points: fc.subarray(['character_approval', 'storyboard_approval']),
  voice_design: fc.boolean(),
})
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never
const bornAs = ({ type, ...custom }: Setting, agent?: Agent) =>
  new Life(
    {
      workflow_type: type,
      custom_parameters: { ...custom, ...(type === 'character_development' ? { character_count: 3 } : {}) } as never,
    },
    agent,
  )
const moves = fc.array(fc.tuple(fc.nat(99), fc.nat(1000)), { minLength: 40, maxLength: 160 })

// PROPERTY_SEED looks elsewhere; without it every run looks at the same lives.
const RUNS = { seed: Number(process.env['PROPERTY_SEED'] ?? 7), endOnFailure: true }

describe('whatever happens to a workflow', () => {
  test('its promises hold after every step', () => {
    fc.assert(
      fc.property(setting, moves, (born, steps) => {
        const life = bornAs(born)
        for (const [n, m] of steps) life.live(n, m)
      }),
      { ...RUNS, numRuns: 25 },
    )
  })

  test('the same life ends in the same state, told by the same events', () => {
    fc.assert(
      fc.property(setting, moves, (born, steps) => {
        const [a, b] = [bornAs(born), bornAs(born)]
        for (const [n, m] of steps) {
          a.live(n, m)
          b.live(n, m)
        }
        expect(b.state).toEqual(a.state)
        expect(b.events).toEqual(a.events)
      }),
      { ...RUNS, numRuns: 8 },
    )
  })

  test('left alone with agents that work and somebody who says yes, it completes', () => {
    fc.assert(
      fc.property(setting, moves, (born, steps) => {
        const life = bornAs(born)
        for (const [n, m] of steps) if (n < 69) life.live(n, m)
        for (let round = 0; round < 60 && life.state.status !== 'completed'; round++) finish(life)
        expect([life.state.status, life.state.error_details?.error_message ?? '']).toEqual(['completed', ''])
      }),
      { ...RUNS, numRuns: 15 },
    )
  })
})

/** Everything good that can be done for it: what runs is answered, what failed is tried again, what is asked is granted. */
function finish(life: Life) {
  const decision = pendingDecision(life.state)
  if (life.state.status === 'failed') life.do(startWorkflow)
  else if (decision) {
    const good = { task_failure: 'retry', media_failure: 'retry', quality_override: 'accept' }[decision.point as string]
    const choice = good ?? decision.options[0]!
    life.do((w) => submitDecision(w, { decision_id: decision.decision_id, choice }, by))
  } else if (life.state.status === 'paused') life.do(resumeWorkflow)
  for (const task of life.state.tasks.filter((t) => t.status === 'running'))
    life.do((w) => void releaseTask(w, task.task_id))
  life.run()
}

test('an artifact set that a gate refuses ends in a question, never in a loop without end', () => {
  const bad: Agent = (task, s) => {
    const answer = craftAgent(task, s)
    return task.produces === 'story_arc'
      ? { ...answer, setup: 'Nothing.', escalation: 'Nothing.', resolution: 'Nothing.' }
      : answer
  }
  const play = new Play({}, bad).run()
  expect(pendingDecision(play.state)?.point).toBe('quality_override')
  expect(play.tasks('story_arc')).toHaveLength(3)
  expect(play.tasks('story_arc').filter(isSettled)).toHaveLength(3)
})
