import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { acquireLock } from '../../src/kernel/agents/shared-state.ts'
import { MediaError } from '../../src/movies/media-port.ts'
import { cleanUp } from '../../src/movies/upkeep/clean-up.ts'
import { type TestServer, until } from '../_server.ts'
import { agentStub, completed } from './_agent-stub.ts'
import {
  arc,
  artifact,
  auto,
  bodyB,
  create,
  decide,
  endAll,
  ended,
  get,
  moviesServer,
  pending,
  reached,
  registerStoryAgent,
  tasks,
} from './_movies.ts'
import { plainStudio } from './_plain-studio.ts'

vi.setConfig({ testTimeout: 120_000 })
/** Media of this server fails as the test wants. */
let failMedia: (kind: string, index: string) => void = () => undefined
let server: TestServer
beforeAll(async () => {
  server = await moviesServer({
    parts: { studio: plainStudio((kind, work) => failMedia(kind, work.path)) },
    env: { HEALTH_CHECK_INTERVAL_SECONDS: '0.2', HEALTH_CHECK_TIMEOUT_SECONDS: '1' },
  })
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  failMedia = () => undefined
  await endAll(server)
})

const call = (method: string, path: string, body?: unknown) => server.call(method, `/api/v1${path}`, body)
const versionOf = async (id: string, name: string) => (await artifact(server, id, name)).version

const STATES = [
  'concept_development',
  'character_creation',
  'scene_planning',
  'media_generation',
  'post_production',
  'final_assembly',
]

test('I1: a whole movie without model and services completes with all deliverables', async () => {
  const made = await create(server, bodyB({ custom_parameters: auto }))
  const w = await ended(server, made.workflow_id)
  expect(w.completed_states).toEqual(STATES)
  expect(w.progress_percentage).toBe(100)
  expect(w.draft).toBe(true)
  expect(w.deliverables.map((d: any) => d.status)).not.toContain('pending')
  expect(w.deliverables.every((d: any) => d.status === 'ready')).toBe(true)
  const id = w.workflow_id
  expect((await artifact(server, id, 'scene_list')).content.scenes.length).toBeGreaterThanOrEqual(3)
  expect((await artifact(server, id, 'generated_frames')).content.frames.length).toBeGreaterThanOrEqual(6)
  expect((await artifact(server, id, 'video_segments')).content.segments.length).toBeGreaterThanOrEqual(3)
  expect((await artifact(server, id, 'final_edit')).content.checksum).toMatch(/^sha256:[0-9a-f]{64}$/)
  const qc = (await artifact(server, id, 'qc_report')).content
  expect(qc.status).toBe('pass')
  expect(qc.issues.map((i: any) => i.code)).toContain('DRAFT_MEDIA')
  expect((await artifact(server, id, 'distribution_record')).content.audit_log_id).toBeTruthy()
  const { entries } = (await call('GET', `/audit?entity_id=${id}`)).body
  expect(entries.map((e: any) => e.action)).toContain('film.delivered')
})

test('I1 in the larger profiles: every task of the profile is done', async () => {
  for (const profile of ['standard', 'full']) {
    const made = await create(server, bodyB({ target_duration: 60, custom_parameters: { ...auto, profile } }))
    const w = await ended(server, made.workflow_id)
    expect(w.deliverables.every((d: any) => d.status === 'ready')).toBe(true)
    const subtitles = (await artifact(server, w.workflow_id, 'subtitles')).content
    expect(subtitles.srt.match(/-->/g).length).toBe(subtitles.vtt.match(/-->/g).length)
    if (profile === 'full') expect(w.deliverables.map((d: any) => d.name)).toContain('cost_report')
  }
})

test('I2: revise with feedback makes a second arc whose task knows the feedback, then the next approvals', async () => {
  const made = await create(server, bodyB())
  const id = made.workflow_id
  await pending(server, id, 'story_approval_001')
  const feedback = 'Give Rival a reason to stay silent'
  expect((await decide(server, id, 'story_approval_001', 'revise', feedback)).status).toBe(200)
  await pending(server, id, 'story_approval_002')
  expect(await versionOf(id, 'story_arc')).toBe(2)
  expect(await versionOf(id, 'concept_brief')).toBe(1)
  const again = (await tasks(server, id)).filter((t) => t.task_type === 'story_arc')
  expect(again).toHaveLength(2)
  expect(again[1].input_data.feedback).toContain(feedback)
  await decide(server, id, 'story_approval_002', 'approved')
  await pending(server, id, 'final_approval_001')
  await decide(server, id, 'final_approval_001', 'approved')
  await ended(server, id)
})

test('I3: a rejected story cancels the workflow and the reason stays in its history', async () => {
  const made = await create(server, bodyB())
  await pending(server, made.workflow_id, 'story_approval_001')
  const { body } = await decide(server, made.workflow_id, 'story_approval_001', 'rejected', 'not this one')
  expect(body.workflow.status).toBe('cancelled')
  const { events } = (await call('GET', `/workflows/${made.workflow_id}/events`)).body
  const end = events.find((e: any) => e.type === 'workflow.status_changed' && e.data.to === 'cancelled')
  expect(end.data.reason).toContain('not this one')
})

test('I4: one of four concepts is chosen and used', async () => {
  const made = await create(server, bodyB({ custom_parameters: { interactive_concept: true } }))
  const id = made.workflow_id
  const first = await pending(server, id, 'concept_selection_001')
  expect(first.pending_decision.options).toEqual(['option_1', 'option_2', 'option_3', 'option_4', 'regenerate'])
  await decide(server, id, 'concept_selection_001', 'regenerate')
  const w = await pending(server, id, 'concept_selection_002')
  const options = w.pending_decision.context.artifacts.concept_options
  expect(new Set(options.map((o: any) => o.logline)).size).toBe(4)
  await decide(server, id, 'concept_selection_002', 'option_3')
  await pending(server, id, 'story_approval_001')
  const brief = (await artifact(server, id, 'concept_brief')).content
  expect(brief.core_conflict).toBe(options[2].core_conflict)
})

test('I5: nothing starts while paused, and what was done before stays as it was', async () => {
  const made = await create(server, bodyB({ target_duration: 60, custom_parameters: auto }))
  const id = made.workflow_id
  await reached(server, id, (w) => w.current_state === 'scene_planning')
  await call('PUT', `/workflows/${id}/pause`)
  await until(async () => (await tasks(server, id)).every((t) => t.status !== 'running'))
  const before = await tasks(server, id)
  const started = before.filter((t) => t.started_at).length
  await new Promise((resolve) => setTimeout(resolve, 700)) // the dispatcher looks each half second
  expect((await tasks(server, id)).filter((t) => t.started_at).length).toBe(started)
  await call('PUT', `/workflows/${id}/resume`)
  await ended(server, id)
  const after = new Map((await tasks(server, id)).map((t) => [t.task_id, t]))
  for (const t of before.filter((x) => x.status === 'completed')) {
    expect(after.get(t.task_id)!.output_data).toEqual(t.output_data)
    expect(after.get(t.task_id)!.completed_at).toBe(t.completed_at)
  }
})

const register = (id: string, url: string, more?: Record<string, unknown>) => registerStoryAgent(server, id, url, more)

test('I6: an agent that fails twice and then works is retried', async () => {
  const stub = await agentStub((_request, count) =>
    count <= 2 ? { status: 500, body: { error: 'not now' } } : completed(arc, { quality_score: 91 }),
  )
  await register('shaky-01', stub.url)
  const made = await create(server, bodyB({ custom_parameters: auto }))
  const w = await ended(server, made.workflow_id)
  const task = (await tasks(server, w.workflow_id)).find((t) => t.task_type === 'story_arc')
  expect(task).toMatchObject({ status: 'completed', retry_count: 2, agent_id: 'shaky-01', quality_score: 91 })
  expect(w.error_history).toHaveLength(2)
  expect(stub.requests[0]!.body).toMatchObject({ task_type: 'story_arc', attempt: 1, workflow_id: w.workflow_id })
  expect(stub.requests[2]!.body.attempt).toBe(3)
  expect(stub.requests[0]!.body.context.artifacts.concept_brief.title).toBe('Signal at Dawn')
  expect((await artifact(server, w.workflow_id, 'story_arc')).generated_by).toBe('agent')
  await call('DELETE', '/agents/shaky-01')
  await stub.close()
})

test('I7: a task moves from an agent that always fails to a second one', async () => {
  const bad = await agentStub(() => ({ status: 503 }))
  const good = await agentStub(() => completed(arc))
  await register('bad-01', bad.url)
  await register('good-01', good.url)
  const made = await create(server, bodyB({ custom_parameters: auto }))
  const w = await ended(server, made.workflow_id)
  const task = (await tasks(server, w.workflow_id)).find((t) => t.task_type === 'story_arc')
  expect(task).toMatchObject({ status: 'completed', agent_id: 'good-01' })
  for (const id of ['bad-01', 'good-01']) await call('DELETE', `/agents/${id}`)
  await bad.close()
  await good.close()
})

test('the built-in agent takes over when the only remote one always fails, or is gone', async () => {
  const bad = await agentStub(() => completed({ nonsense: true }))
  await register('wrong-01', bad.url)
  const made = await create(server, bodyB({ custom_parameters: auto }))
  const w = await ended(server, made.workflow_id)
  const task = (await tasks(server, w.workflow_id)).find((t) => t.task_type === 'story_arc')
  expect(task.agent_id).toBe('story_architect')
  expect(bad.requests).toHaveLength(2)
  expect(bad.requests[1]!.body.input_data.repair.violations.length).toBeGreaterThan(0)
  await call('DELETE', '/agents/wrong-01')
  await bad.close()
})

test('I8: an agent host that dies in the middle is noticed and its task done elsewhere', async () => {
  const stub = await agentStub(() => ({ hang: true }))
  await register('dying-01', stub.url)
  const made = await create(server, bodyB({ custom_parameters: auto }))
  await reached(server, made.workflow_id, (w) => w.assigned_agents.includes('dying-01'))
  stub.state.healthy = false
  const w = await ended(server, made.workflow_id)
  expect((await call('GET', '/agents/dying-01')).body.status).toBe('offline')
  const task = (await tasks(server, w.workflow_id)).find((t) => t.task_type === 'story_arc')
  expect(task).toMatchObject({ agent_id: 'story_architect', retry_count: 0 })
  await call('DELETE', '/agents/dying-01')
  await stub.close()
})

test('I10: five workflows of five projects side by side never mix', async () => {
  const made = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => create(server, bodyB({ title: `Film ${n}`, custom_parameters: auto }))),
  )
  for (const { workflow_id, title, project_id } of made) {
    await ended(server, workflow_id)
    const brief = await artifact(server, workflow_id, 'concept_brief')
    expect(brief.content.title).toBe(title)
    expect(brief.project_id).toBe(project_id)
    expect((await tasks(server, workflow_id)).every((t) => t.project_id === project_id)).toBe(true)
  }
})

const frameOf = (path: string) => Number(/generated_frames\/(\d+)/.exec(path)?.[1] ?? -1)
const failFrames = (indexes: number[]) => (kind: string, path: string) => {
  if (kind === 'frame' && indexes.includes(frameOf(path)))
    throw new MediaError('permanent', 'REFUSED', 'this frame cannot be drawn')
}

test('I15: media that fails raises media_failure; retry repeats only what failed', async () => {
  failMedia = failFrames([2, 3])
  const made = await create(server, bodyB())
  const id = made.workflow_id
  await pending(server, id, 'story_approval_001')
  await decide(server, id, 'story_approval_001', 'approved')
  const w = await pending(server, id, 'media_failure_001')
  expect(w.pending_decision.options).toEqual(['retry', 'continue', 'abort'])
  expect(w.pending_decision.context.scenes_without_segment).toEqual([2])
  const before = (await tasks(server, id)).filter((t) => t.task_type === 'frames' && t.status === 'completed')
  failMedia = () => undefined
  await decide(server, id, 'media_failure_001', 'retry')
  await pending(server, id, 'final_approval_001')
  const after = new Map((await tasks(server, id)).map((t) => [t.task_id, t]))
  for (const t of before) expect(after.get(t.task_id)!.completed_at).toBe(t.completed_at)
  expect((await artifact(server, id, 'generated_frames')).content.failed_frames).toEqual([])
})

test('I15: continue puts a placeholder in for a scene without segment, abort fails', async () => {
  failMedia = failFrames([2, 3])
  const run = async (choice: string) => {
    const made = await create(server, bodyB())
    await pending(server, made.workflow_id, 'story_approval_001')
    await decide(server, made.workflow_id, 'story_approval_001', 'approved')
    await pending(server, made.workflow_id, 'media_failure_001')
    await decide(server, made.workflow_id, 'media_failure_001', choice)
    return made.workflow_id
  }
  const gone = await run('abort')
  const failed = await ended(server, gone, 'failed')
  expect(failed.error_details.error_type).toBe('MEDIA_FAILED')
  const on = await run('continue')
  const w = await pending(server, on, 'final_approval_001')
  expect(w.draft).toBe(true)
  const segments = (await artifact(server, on, 'video_segments')).content.segments
  expect(segments.some((s: any) => s.associated_frames.length === 0)).toBe(true)
  failMedia = () => undefined
  expect((await call('POST', `/workflows/${gone}/start`)).status).toBe(200)
  await pending(server, gone, 'final_approval_001')
})

test('I16: quality control that finds one bad segment has only that one made again', async () => {
  let checked = 0
  const stub = await agentStub(({ body }) => {
    const fail = ++checked === 1
    return completed({
      status: fail ? 'fail' : 'pass',
      issues: fail ? [{ code: 'FROZEN_FRAME', severity: 'high', description: 'frozen', segment_id: 'SEGMENT_2' }] : [],
      recommended_actions: [],
      preview_images: [],
      technical: {
        duration: body.context.artifacts.final_edit.duration_seconds,
        codec: 'h264',
        resolution: '1280x720',
        fps: 24,
      },
    })
  })
  await register('qc-01', stub.url, { agent_type: 'production', capabilities: ['quality_control'] })
  const made = await create(server, bodyB({ custom_parameters: auto }))
  const w = await ended(server, made.workflow_id)
  const versions = await Promise.all(
    [0, 1, 2].map(async (i) => (await artifact(server, w.workflow_id, 'video_segments', i)).version),
  )
  expect(versions).toEqual([1, 2, 1])
  expect(await versionOf(w.workflow_id, 'final_edit')).toBe(2)
  expect(w.completed_states).toEqual(STATES)
  await call('DELETE', '/agents/qc-01')
  await stub.close()
})

test('I17: an episode needs its prerequisites; two episodes run together; the same one is 409', async () => {
  const project_id = crypto.randomUUID()
  const episode = (n: number | undefined) =>
    bodyB({
      project_id,
      workflow_type: 'episode_production',
      custom_parameters: { ...auto, ...(n ? { episode_number: n } : {}) },
    })
  const refused = await call('POST', '/workflows', episode(1))
  expect([refused.status, refused.body.code]).toEqual([400, 'MISSING_PREREQUISITES'])
  expect(refused.body.details.missing).toEqual(['story_arc', 'character_profiles'])
  expect((await call('POST', '/workflows', episode(undefined))).status).toBe(400)
  await ended(
    server,
    (await create(server, bodyB({ project_id, custom_parameters: { ...auto, profile: 'standard' } }))).workflow_id,
  )
  const one = await create(server, episode(1))
  const two = await create(server, episode(2))
  expect((await call('POST', '/workflows', episode(2))).body.code).toBe('WORKFLOW_EXISTS')
  for (const made of [one, two]) {
    const w = await ended(server, made.workflow_id)
    expect(w.completed_states).toEqual([
      'episode_planning',
      'script_writing',
      'scene_planning',
      'media_generation',
      'post_production',
      'final_assembly',
    ])
    expect(w.deliverables.every((d: any) => d.status === 'ready')).toBe(true)
  }
})

test('I18: character development makes the number asked for and skips the voices', async () => {
  const made = await create(
    server,
    bodyB({
      workflow_type: 'character_development',
      custom_parameters: { ...auto, character_count: 3, voice_design: false, characters: [{ name: 'Mara' }] },
    }),
  )
  const w = await ended(server, made.workflow_id)
  const id = w.workflow_id
  expect(w.completed_states).toContain('voice_design')
  const names = (await artifact(server, id, 'character_profiles')).content.characters.map((c: any) => c.name)
  expect(names).toEqual(['Mara', 'Rival', 'Support 1'])
  expect((await artifact(server, id, 'character_designs')).content.items).toHaveLength(3)
  expect((await artifact(server, id, 'character_arcs')).content.items).toHaveLength(3)
  expect((await call('GET', `/workflows/${id}/artifacts/voice_profiles`)).status).toBe(404)
  const { events } = (await call('GET', `/workflows/${id}/events?limit=1000`)).body
  expect(events.find((e: any) => e.data.from === 'voice_design').data.skipped).toBe(true)
})

test('I19: of two workflows that wait for one agent the one with higher priority is served first', async () => {
  const served: string[] = []
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (release = resolve))
  const stub = await agentStub(async ({ body }) => {
    served.push(body.workflow_id)
    if (served.length === 1) await gate
    return completed(arc)
  })
  await register('only-01', stub.url, { max_concurrent_tasks: 1 })
  const first = await create(server, bodyB({ custom_parameters: auto }))
  await until(() => served.length === 1)
  const low = await create(server, bodyB({ priority: 2, custom_parameters: auto }))
  const high = await create(server, bodyB({ priority: 9, custom_parameters: auto }))
  const waits = async (id: string) =>
    (await tasks(server, id)).some((t) => t.task_type === 'concept_brief' && t.status === 'completed')
  await until(async () => (await waits(low.workflow_id)) && (await waits(high.workflow_id)))
  release()
  for (const w of [first, low, high]) await ended(server, w.workflow_id)
  expect(served).toEqual([first.workflow_id, high.workflow_id, low.workflow_id])
  await call('DELETE', '/agents/only-01')
  await stub.close()
})

test('I20: a checkpoint puts the workflow back and keeps what came later as history', async () => {
  const made = await create(server, bodyB())
  const id = made.workflow_id
  await pending(server, id, 'story_approval_001')
  const list = (await call('GET', `/workflows/${id}/checkpoints`)).body
  const early = list.find((c: any) => c.step === 'Concept brief')
  await decide(server, id, 'story_approval_001', 'approved')
  await pending(server, id, 'final_approval_001')
  const restored = await call('POST', `/workflows/${id}/restore/${early.checkpoint_id}`)
  expect(restored.status).toBe(200)
  expect(restored.body).toMatchObject({
    status: 'paused',
    pause_reason: 'user',
    current_state: 'concept_development',
    pending_decision: null,
  })
  expect((await call('GET', `/workflows/${id}/artifacts/story_arc`)).status).toBe(404)
  expect((await call('GET', `/workflows/${id}/artifacts/concept_brief`)).status).toBe(200)
  await call('PUT', `/workflows/${id}/resume`)
  expect((await call('POST', `/workflows/${id}/restore/${early.checkpoint_id}`)).status).toBe(409)
  await pending(server, id, 'story_approval_002')
  expect(await versionOf(id, 'story_arc')).toBe(2)
  expect((await call('POST', `/workflows/${id}/restore/${crypto.randomUUID()}`)).status).toBe(404)
})

test('I21: of five who want one lock exactly one gets it', async () => {
  const { db } = server.kernel
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => acquireLock(db, 'movies', 'lock:test', `owner-${n}`, 30)),
  )
  expect(answers.filter((a) => a.held)).toHaveLength(1)
})

test('I22: workflows finished 31 days ago are removed, yesterday’s stay', async () => {
  const [old, young] = [await create(server, bodyB()), await create(server, bodyB())]
  for (const w of [old, young]) await call('POST', `/workflows/${w.workflow_id}/cancel`)
  const age = (id: string, days: number) =>
    server.kernel.db.query(
      `update movies.workflows set updated_at = now() - make_interval(days => $2) where workflow_id = $1`,
      [id, days],
    )
  await age(old.workflow_id, 31)
  await age(young.workflow_id, 1)
  expect(await cleanUp(server.kernel)).toBe(1)
  expect((await call('GET', `/workflows/${old.workflow_id}`)).status).toBe(404)
  expect((await get(server, young.workflow_id)).workflow_id).toBe(young.workflow_id)
})

test('a required task that fails for good asks; skip, retry and the retry call go on', async () => {
  const stub = await agentStub(() =>
    completed(undefined, {
      status: 'failed',
      error: { type: 'REFUSED', message: 'content refused', retryable: false },
    }),
  )
  await register('strict-01', stub.url)
  const made = await create(server, bodyB())
  const id = made.workflow_id
  const w = await pending(server, id, 'task_failure_001')
  expect(w.pending_decision.context.error_type).toBe('REFUSED')
  const task = (await tasks(server, id)).find((t) => t.task_type === 'story_arc')
  await call('DELETE', '/agents/strict-01')
  const retried = await call('POST', `/workflows/${id}/tasks/${task.task_id}/retry`, { input_data: { hint: 'softer' } })
  expect(retried.status).toBe(200)
  expect(retried.body.input_data.hint).toBe('softer')
  await pending(server, id, 'story_approval_001')
  const done = (await tasks(server, id)).find((t) => t.task_type === 'concept_brief')
  expect((await call('POST', `/workflows/${id}/tasks/${done.task_id}/retry`)).status).toBe(409)
  expect((await call('POST', `/workflows/${id}/tasks/${crypto.randomUUID()}/retry`)).status).toBe(404)
  await stub.close()
})

test('draft agents off and no model: the task fails with the words of the contract, and a start with auto goes on', async () => {
  const made = await create(server, bodyB({ custom_parameters: { ...auto, draft_agents: 'never' } }))
  const w = await ended(server, made.workflow_id, 'failed')
  expect(w.error_details).toMatchObject({ error_type: 'MODEL_NOT_CONFIGURED' })
  expect(w.error_details.error_message).toBe(
    'MODEL_NOT_CONFIGURED: Agent series_creator needs a language model and draft agents are disabled. Set OPENROUTER_API_KEY and OPENROUTER_DEFAULT_MODEL (or register an agent with capability series_creator), or set draft_agents to auto, then start the workflow again.',
  )
  const path = `/workflows/${made.workflow_id}`
  expect((await call('PUT', path, { custom_parameters: { draft_agents: 'auto' } })).status).toBe(200)
  expect((await call('POST', `${path}/start`)).status).toBe(200)
  await ended(server, made.workflow_id)
})

test('four revisions: the fourth is accepted, runs nothing and asks for an override', async () => {
  const made = await create(server, bodyB())
  const id = made.workflow_id
  for (let n = 1; n <= 4; n++) {
    await pending(server, id, `story_approval_00${n}`)
    expect((await decide(server, id, `story_approval_00${n}`, 'revise', `change ${n}`)).status).toBe(200)
  }
  await pending(server, id, 'quality_override_001')
  expect(await versionOf(id, 'story_arc')).toBe(4)
  await decide(server, id, 'quality_override_001', 'accept')
  await reached(server, id, (w) => w.completed_states.includes('concept_development'))
})

test('state that somebody else has written fails the workflow with INTEGRITY_ERROR', async () => {
  const made = await create(server, bodyB())
  await pending(server, made.workflow_id, 'story_approval_001')
  await server.kernel.db.query(
    `update movies.workflows set version = version + 1, engine = replace(engine, 'Signal at Dawn', 'Signal at Noon') where workflow_id = $1`,
    [made.workflow_id],
  )
  await decide(server, made.workflow_id, 'story_approval_001', 'approved')
  const w = await get(server, made.workflow_id)
  expect([w.status, w.error_details.error_type]).toEqual(['failed', 'INTEGRITY_ERROR'])
})
