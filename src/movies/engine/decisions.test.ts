import { describe, expect, test } from 'vitest'
import { type Agent, craftAgent, Play } from './_play.ts'
import { checkClock, pauseWorkflow, resumeWorkflow, startWorkflow, submitDecision } from './control-inputs.ts'
import { NO_PROJECT, pendingDecision } from './engine-state.ts'
import { completeTask, startTask } from './task-inputs.ts'
import type { Work } from './work.ts'

const by = { actor: 'mara', automatic: false }
const point = (p: Play) => pendingDecision(p.state)?.decision_id
const choose = (p: Play, choice: string, feedback?: string) =>
  p.do((w) => submitDecision(w, { decision_id: point(p)!, choice, ...(feedback ? { feedback } : {}) }, by)).run()
const codeOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'accepted'
}
const failing =
  (type: string, category = 'permanent'): Agent =>
  (task, s) =>
    task.task_type === type ? ({ type: 'REFUSED', message: 'content refused', category } as never) : craftAgent(task, s)

test('a decision is numbered by point, shows what to judge, and has a deadline of a day', () => {
  const p = new Play().run()
  const d = pendingDecision(p.state)!
  expect(d).toMatchObject({ decision_id: 'story_approval_001', options: ['approved', 'revise', 'rejected'] })
  expect(Object.keys(d.context['artifacts'] as object).sort()).toEqual(['concept_brief', 'scene_list', 'story_arc'])
  expect(Date.parse(d.timeout!) - Date.parse(d.raised_at)).toBe(24 * 3_600_000)
  choose(p, 'revise')
  expect(point(p)).toBe('story_approval_002')
})

test('feedback and what was said before reach the task that runs again', () => {
  const p = new Play().run()
  choose(p, 'revise', 'More rain')
  choose(p, 'revise', 'Less rain')
  const last = p.tasks('story_arc').at(-1)!
  expect(String(last.input['feedback'])).toContain('Less rain')
  expect(p.state.decisions.map((d) => d.feedback)).toEqual(['More rain', 'Less rain', null])
})

test('the story is revised three times; the fourth runs nothing and asks for an override', () => {
  const p = new Play().run()
  for (let i = 0; i < 4; i++) choose(p, 'revise')
  expect(point(p)).toBe('quality_override_001')
  expect(p.tasks('story_arc')).toHaveLength(4)
  choose(p, 'abort')
  expect([p.state.status, p.state.error_details?.error_type]).toEqual(['failed', 'QUALITY_REJECTED'])
})

test('accepting the override goes on as if approved', () => {
  const p = new Play().run()
  for (let i = 0; i < 4; i++) choose(p, 'revise')
  choose(p, 'accept')
  expect(p.state.completed_states).toContain('concept_development')
})

test('rejecting ends the workflow with the reason', () => {
  const p = new Play().run()
  choose(p, 'rejected', 'not for us')
  expect(p.state.status).toBe('cancelled')
  expect(p.events.findLast((e) => e.type === 'workflow.status_changed')?.data['reason']).toContain('not for us')
})

test('concepts may be made anew without limit, and one is taken as it is', () => {
  const p = new Play({ custom_parameters: { interactive_concept: true } }).run()
  for (let i = 0; i < 5; i++) choose(p, 'regenerate')
  expect(point(p)).toBe('concept_selection_006')
  const third = p.content('concept_options', 2)
  choose(p, 'option_3')
  expect(p.content('concept_brief')).toEqual(third)
})

test('cutting again keeps the media; making the media again keeps the story', () => {
  const p = new Play({ custom_parameters: { profile: 'short' } }).run()
  choose(p, 'approved')
  expect(point(p)).toBe('final_approval_001')
  const [segments, frames] = [p.tasks('segments').length, p.tasks('frames').length]
  choose(p, 'revise_edit')
  expect(point(p)).toBe('final_approval_002')
  expect([p.tasks('segments').length, p.tasks('rough_cut').length]).toEqual([segments, 2])
  choose(p, 'regenerate_media')
  expect(point(p)).toBe('final_approval_003')
  expect([p.tasks('segments').length, p.tasks('frames').length, p.tasks('story_arc').length]).toEqual([
    2 * segments,
    2 * frames,
    1,
  ])
  choose(p, 'approved')
  expect(p.state.status).toBe('completed')
})

test('approval points that are listed ask, others do not', () => {
  const p = new Play({ custom_parameters: { approval_points: ['character_approval', 'storyboard_approval'] } }).run()
  choose(p, 'approved')
  expect(point(p)).toBe('character_approval_001')
  choose(p, 'approved')
  expect(point(p)).toBe('storyboard_approval_001')
})

describe('answers that do not fit', () => {
  const submit = (p: Play, decision_id: string, choice: string) => () =>
    p.do((w: Work) => submitDecision(w, { decision_id, choice }, by))

  test('an unknown choice, an unknown decision, a second answer, none pending', () => {
    const p = new Play().run()
    expect(codeOf(submit(p, 'story_approval_001', 'maybe'))).toBe('INVALID_CHOICE')
    expect(codeOf(submit(p, 'story_approval_009', 'approved'))).toBe('DECISION_NOT_FOUND')
    expect(codeOf(submit(p, 'story_approval_001', 'approved'))).toBe('accepted')
    expect(codeOf(submit(p, 'story_approval_001', 'approved'))).toBe('NO_PENDING_DECISION')
  })

  test('resume does not stand in for an answer', () => {
    const p = new Play().run()
    expect(codeOf(() => p.do(resumeWorkflow))).toBe('PENDING_DECISION')
  })
})

describe('the deadline', () => {
  const clocked = (p: Play) => {
    p.clock += 31 * 24 * 3600
    let overdue: string | null = null
    p.do((w) => {
      overdue = checkClock(w, { timeLimitSeconds: 1e9 }).overdue
    })
    return overdue
  }

  test('hold: it is said, and an answer is still taken', () => {
    const p = new Play().run()
    expect(clocked(p)).toBe('story_approval_001')
    expect(point(p)).toBe('story_approval_001')
    choose(p, 'approved')
    expect(p.state.completed_states).toContain('concept_development')
  })

  test('default_choice: the first option is taken and marked automatic, a later answer is refused', () => {
    const p = new Play({ custom_parameters: { on_decision_timeout: 'default_choice' } }).run()
    expect(clocked(p)).toBeNull()
    expect(p.state.decisions[0]).toMatchObject({ choice: 'approved', automatic: true, actor: 'system' })
    expect(
      codeOf(() => p.do((w) => submitDecision(w, { decision_id: 'story_approval_001', choice: 'approved' }, by))),
    ).toBe('NO_PENDING_DECISION')
  })
})

describe('failed work', () => {
  test('interactive: a required task asks; skip goes on without, abort fails', () => {
    const asks = () => new Play({ custom_parameters: { profile: 'standard' } }, failing('world_guide')).run()
    const p = asks()
    expect(point(p)).toBe('task_failure_001')
    choose(p, 'skip')
    expect(point(p)).toBe('story_approval_001')
    const q = asks()
    choose(q, 'abort')
    expect([q.state.status, q.state.error_details?.error_type]).toEqual(['failed', 'ABORTED'])
  })

  test('auto: a required task that fails for good fails the workflow, an optional one is skipped', () => {
    const auto = { decision_mode: 'auto' as const, profile: 'full' as const }
    const p = new Play({ custom_parameters: auto }, failing('story_arc')).run()
    expect([p.state.status, p.state.error_details?.error_type]).toEqual(['failed', 'REFUSED'])
    const q = new Play({ custom_parameters: auto }, failing('research')).run()
    expect(q.state.status).toBe('completed')
    expect(q.tasks('research')[0]).toMatchObject({ status: 'failed', skipped: true })
  })

  test('transient errors are retried three times with growing waits, permanent ones never', () => {
    const p = new Play({ custom_parameters: { decision_mode: 'auto' } }, failing('story_arc', 'transient')).run()
    expect(p.tasks('story_arc')[0]).toMatchObject({ retry_count: 3, status: 'failed' })
    expect(p.started.filter((t) => t.task_type === 'story_arc')).toHaveLength(4)
    const q = new Play({ custom_parameters: { decision_mode: 'auto' } }, failing('story_arc')).run()
    expect(q.started.filter((t) => t.task_type === 'story_arc')).toHaveLength(1)
  })

  test('a failed workflow that is started again goes on where it stopped', () => {
    let broken = true
    const p = new Play({ custom_parameters: { decision_mode: 'auto' } }, (task, s) =>
      broken ? failing('storyboard')(task, s) : craftAgent(task, s),
    ).run()
    expect(p.state.status).toBe('failed')
    broken = false
    const before = p.tasks('story_arc')
    p.do(startWorkflow).run()
    expect(p.state.status).toBe('completed')
    expect(p.tasks('story_arc')).toEqual(before)
  })
})

describe('a pause', () => {
  test('keeps the decision; the answer waits for resume', () => {
    const p = new Play().run()
    p.do(pauseWorkflow)
    choose(p, 'approved')
    expect([p.state.status, p.state.paused.user]).toEqual(['paused', true])
    expect(p.ready()).toEqual([])
    p.do(resumeWorkflow)
    expect(p.ready().length).toBeGreaterThan(0)
  })

  test('lets running work finish, and its result is kept', () => {
    const p = new Play({ custom_parameters: { decision_mode: 'auto' } })
    const [task] = p.ready()
    p.do((w) => void startTask(w, task!.task_id, 'a'))
    p.do(pauseWorkflow)
    p.do(
      (w) =>
        void completeTask(w, task!.task_id, {
          content: craftAgent(p.state.tasks[0]!, p.state) as Record<string, unknown>,
          file: null,
          draft: true,
          generated_by: 'template',
          quality_score: 100,
          resource_usage: {},
          warnings: [],
        }),
    )
    expect(p.state.tasks[0]!.status).toBe('completed')
    expect(p.ready()).toEqual([])
  })
})

test('money that is used up asks; reduced quality applies to what comes', () => {
  const p = new Play({ project: { ...NO_PROJECT, budget_constraints: { max_cost: 1 } } })
  const [task] = p.ready()
  p.do((w) => void startTask(w, task!.task_id, 'a'))
  p.do(
    (w) =>
      void completeTask(w, task!.task_id, {
        content: craftAgent(p.state.tasks[0]!, p.state) as Record<string, unknown>,
        file: null,
        draft: true,
        generated_by: 'template',
        quality_score: 100,
        resource_usage: { cost: 2 },
        warnings: [],
      }),
  )
  expect(point(p)).toBe('budget_exceeded_001')
  choose(p, 'reduce_quality')
  expect(p.state.quality_reduced).toBe(true)
})
