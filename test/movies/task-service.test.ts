import { expect, test } from 'vitest'
import { sign } from '../../src/movies/secret-key.ts'
import { noFaults } from '../../src/movies/services/stand-ins/faults.ts'
import { until } from '../_server.ts'
import { artifact, auto, bodyB, create, decide, ended, get, pending, reached, tasks } from './_movies.ts'
import { filmOf, withOutside } from './_services.ts'

const outside = withOutside(['taskService'])
const jobsOf = (id: string) =>
  [...outside.taskService.jobs.values()].filter((job) => job.metadata['workflow_id'] === id)
const callsOf = async (id: string) =>
  (await outside.call('GET', `/workflows/${id}?include_trace=true`)).body.trace.external_service_calls as any[]

test('I14: pictures, clips and sound are made there; the submission is as the contract has it', async () => {
  const id = `p-${crypto.randomUUID()}`
  outside.taskService.rules.callbacks = 'never'
  const made = await create(
    outside.server,
    filmOf(id, { priority: 9, custom_parameters: { ...auto, profile: 'standard' } }),
  )
  const w = await ended(outside.server, made.workflow_id)
  const jobs = jobsOf(w.workflow_id)
  expect(new Set(jobs.map((j) => j.task_type))).toEqual(
    new Set(['generate_image', 'generate_video', 'generate_character_voice', 'process_audio']),
  )
  const frame = jobs.find((j) => j.task_type === 'generate_image' && /frames/.test(j.metadata['item']))!
  expect(frame.priority).toBe(1)
  expect(frame.metadata).toMatchObject({
    workflow_id: w.workflow_id,
    agent_id: 'image_generation',
    scene_id: expect.stringMatching(/^SCENE_\d$/),
  })
  expect(Object.keys(frame.task_data)).toEqual(
    expect.arrayContaining([
      'prompt',
      'negative_prompt',
      'style_guide',
      'reference_images',
      'character_id',
      'pose',
      'lighting',
      'resolution',
      'quality',
      'seed',
    ]),
  )
  const clip = jobs.find((j) => j.task_type === 'generate_video')!
  expect(clip.task_data['storyboard_images'][0]).toContain(`${outside.taskService.url}/media/`)
  expect(clip.task_data['duration']).toBeLessThanOrEqual(7)
  const frames = await artifact(outside.server, w.workflow_id, 'generated_frames', 0)
  expect(frames).toMatchObject({ generated_by: 'task_service', draft: false })
  expect(frames.content.provider_metadata).toMatchObject({ model: 'stand-in', payload_media_id: expect.any(String) })
  expect((await outside.server.call('GET', frames.file.url)).status).toBe(200)
  const polled = (await callsOf(w.workflow_id)).filter((c) => c.service === 'task_service')
  expect(polled.some((c) => c.operation === 'status' && c.status === 'ok')).toBe(true)
  expect(JSON.stringify(polled)).not.toContain('ts-key')
  const metrics = String((await outside.server.call('GET', '/metrics')).body)
  expect(metrics).toMatch(/external_calls_total\{[^}]*service="task_service"[^}]*outcome="success"/)
  expect(metrics).toMatch(/circuit_state\{[^}]*service="task_service"/)
})

test('I14: a job that fails twice is retried there; a failed retry is submitted once more with another seed', async () => {
  const id = `p-${crypto.randomUUID()}`
  outside.taskService.rules.failJobs = 2
  const first = await create(outside.server, filmOf(id))
  await ended(outside.server, first.workflow_id)
  const jobs = jobsOf(first.workflow_id)
  expect(jobs.filter((j) => j.retry_of !== null).length).toBe(2)
  const tasksMade = (await tasks(outside.server, first.workflow_id)).filter((t) => t.external_job_id)
  expect(tasksMade.every((t) => t.retry_count === 0)).toBe(true)
})

test.each(['once', 'twice', 'early', 'late'] as const)(
  'I14: callbacks that come %s end the polling and never make a job twice',
  async (callbacks) => {
    const id = `p-${crypto.randomUUID()}`
    Object.assign(outside.taskService.rules, { callbacks, lateMs: 500, workMs: 20 })
    const sent = outside.taskService.callbacksSent.length
    const made = await create(outside.server, filmOf(id))
    await ended(outside.server, made.workflow_id)
    const jobs = jobsOf(made.workflow_id)
    expect(new Set(jobs.map((j) => j.metadata['item'])).size).toBe(jobs.length)
    await until(() => outside.taskService.callbacksSent.length - sent >= jobs.length * (callbacks === 'twice' ? 2 : 1))
    expect(outside.taskService.callbacksSent.slice(sent).every((c) => c.status === 200)).toBe(true)
    const looks = outside.taskService.seen.filter((one) => jobs.some((j) => one.path.includes(`${j.id}/status`)))
    if (callbacks === 'early') expect(looks).toEqual([])
    else if (callbacks !== 'late') expect(looks.length).toBeLessThan(jobs.length)
  },
)

test('a callback for an unknown job is taken with 202, one with a foreign token refused', async () => {
  const own = sign(outside.server.kernel, 'callback', 'some-task')
  const post = (token: string) =>
    outside.call('POST', `/callbacks/task-service?token=${token}`, {
      task_id: 'job-never',
      status: 'completed',
      metadata: { task_id: 'some-task' },
    })
  expect((await post(own)).status).toBe(202)
  expect((await post(sign(outside.server.kernel, 'callback', 'another'))).status).toBe(401)
})

test('I14: forgotten jobs (404) are submitted once more', async () => {
  const id = `p-${crypto.randomUUID()}`
  outside.taskService.rules.workMs = 600
  const made = await create(outside.server, filmOf(id))
  await until(() => jobsOf(made.workflow_id).length > 0)
  const first = jobsOf(made.workflow_id).map((j) => j.metadata['item'])
  outside.taskService.forget()
  outside.taskService.rules.workMs = 40
  await ended(outside.server, made.workflow_id)
  const again = jobsOf(made.workflow_id).map((j) => j.metadata['item'])
  for (const item of first) expect(again).toContain(item)
  expect(new Set(again).size).toBe(again.length)
})

test('I14: cancelling the workflow cancels its jobs there', async () => {
  const id = `p-${crypto.randomUUID()}`
  outside.taskService.rules.workMs = 60_000
  const made = await create(outside.server, filmOf(id))
  await until(() => jobsOf(made.workflow_id).length >= 2)
  await outside.call('POST', `/workflows/${made.workflow_id}/cancel`)
  await until(() => jobsOf(made.workflow_id).every((j) => j.status === 'cancelled'))
})

test('an answer that never came does not make a second job', async () => {
  const id = `p-${crypto.randomUUID()}`
  outside.taskService.rules.swallowAnswers = 3
  const made = await create(outside.server, filmOf(id))
  const w = await ended(outside.server, made.workflow_id)
  const items = jobsOf(w.workflow_id).map((j) => j.metadata['item'])
  expect(new Set(items).size).toBe(items.length)
})

test('away in the middle, media wait and the workflow says for what; back, it goes on with the same jobs', async () => {
  const id = `p-${crypto.randomUUID()}`
  outside.taskService.rules.workMs = 500
  const made = await create(outside.server, filmOf(id))
  await until(() => jobsOf(made.workflow_id).length >= 2)
  await outside.taskService.vanish()
  await reached(outside.server, made.workflow_id, (w) => w.waiting_on.includes('task_service'))
  expect((await outside.server.call('GET', '/health')).body).toMatchObject({ status: 'degraded' })
  outside.taskService.rules.workMs = 40
  await outside.taskService.start()
  const w = await ended(outside.server, made.workflow_id)
  expect(w.waiting_on).toEqual([])
  const items = jobsOf(w.workflow_id).map((j) => j.metadata['item'])
  expect(new Set(items).size).toBe(items.length)
})

test('half an hour away pauses the workflow for the service; it resumes by itself', async () => {
  const id = `p-${crypto.randomUUID()}`
  await outside.taskService.vanish()
  const made = await create(outside.server, filmOf(id))
  await reached(outside.server, made.workflow_id, (w) => w.waiting_on.includes('task_service'))
  await outside.server.kernel.db.query(`select 1`)
  const { serviceDown } = await import('../../src/movies/engine/control-inputs.ts')
  const { changeWorkflow } = await import('../../src/movies/workflow/change-workflow.ts')
  const { systemCtx } = await import('../../src/kernel/context.ts')
  await changeWorkflow(systemCtx(outside.server.kernel), made.workflow_id, (w) => serviceDown(w, 'task_service'))
  expect(await get(outside.server, made.workflow_id)).toMatchObject({
    status: 'paused',
    pause_reason: 'service_unavailable',
  })
  await outside.taskService.start()
  await ended(outside.server, made.workflow_id)
})

test('a refused key and a refused input are for good and say what to do', async () => {
  const id = `p-${crypto.randomUUID()}`
  outside.taskService.rules.refuse = ['generate_image']
  const made = await create(outside.server, bodyB({ project_id: id }))
  await pending(outside.server, made.workflow_id, 'story_approval_001')
  await decide(outside.server, made.workflow_id, 'story_approval_001', 'approved')
  const w = await pending(outside.server, made.workflow_id, 'media_failure_001')
  expect(w.pending_decision.context.issues.length).toBeGreaterThan(0)
  const failed = (await tasks(outside.server, made.workflow_id)).filter((t) => t.task_type === 'frames')
  expect(failed.every((t) => t.error_type === 'INVALID_INPUT' && t.retry_count === 0)).toBe(true)
})

test.each([
  ['slow', { slow_ms: 200 }],
  ['wrong', { garbage: true }],
  ['busy', { fail_next: 4, fail_status: 429, retry_after: 0.1 }],
  ['silent', { hang: true }],
] as const)('chaos: %s for a while, the film is made all the same and nothing twice', async (_name, faults) => {
  const id = `p-${crypto.randomUUID()}`
  outside.taskService.tell(faults)
  const made = await create(outside.server, filmOf(id))
  await reached(
    outside.server,
    made.workflow_id,
    (w) => w.status === 'completed' || w.current_state === 'media_generation',
  )
  await new Promise((resolve) => setTimeout(resolve, 800))
  outside.taskService.tell(noFaults())
  const w = await ended(outside.server, made.workflow_id)
  const items = jobsOf(w.workflow_id).map((j) => j.metadata['item'])
  expect(new Set(items).size).toBe(items.length)
})
