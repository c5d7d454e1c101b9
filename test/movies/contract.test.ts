import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WorkflowResponse } from '../../src/movies/schema.ts'
import type { TestServer } from '../_server.ts'
import { agentStub, completed } from './_agent-stub.ts'
import { artifact, auto, bodyB, create, decide, endAll, ended, get, moviesServer, pending, reached } from './_movies.ts'

let server: TestServer
beforeAll(async () => {
  server = await moviesServer({ env: { HEALTH_CHECK_TIMEOUT_SECONDS: '1' } })
})
afterAll(() => server[Symbol.asyncDispose]())

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(method, `/api/v1${path}`, body, headers)
const UNKNOWN = '00000000-0000-4000-8000-00000000abcd'

describe('workflows', () => {
  test('create answers 201 with the echo, the first state and an estimate', async () => {
    const body = bodyB()
    const { status, body: w } = await call('POST', '/workflows', body)
    expect(status).toBe(201)
    expect(WorkflowResponse.safeParse(w).error).toBeUndefined()
    expect(w).toMatchObject({
      project_id: body.project_id,
      workflow_type: 'movie_creation',
      title: 'Signal at Dawn',
      priority: 5,
      status: 'running',
      current_state: 'concept_development',
      progress_percentage: 0,
      completed_states: [],
      pause_reason: null,
      queue_position: null,
    })
    for (const field of ['created_at', 'updated_at', 'estimated_completion'])
      expect(w[field]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test.each([
    ['an unknown type', { workflow_type: 'invalid_type' }, 'workflow_type'],
    ['priority 11', { priority: 11 }, 'priority'],
    ['no project', { project_id: undefined }, 'project_id'],
    ['a project id with a blank', { project_id: 'a b' }, 'project_id'],
    ['a long title', { title: 'x'.repeat(201) }, 'title'],
    ['no length', { target_duration: 0 }, 'target_duration'],
    [
      'too much style',
      { style_preferences: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, 1])) },
      'style_preferences',
    ],
    ['a bad known parameter', { custom_parameters: { decision_mode: 'maybe' } }, 'custom_parameters.decision_mode'],
    [
      'an artifact that breaks its schema',
      { custom_parameters: { artifacts: { story_arc: { setup: 'x' } } } },
      'custom_parameters.artifacts.story_arc',
    ],
  ])('create refuses %s with 400', async (_name, over, field) => {
    const { status, body } = await call('POST', '/workflows', bodyB(over))
    expect(status).toBe(400)
    expect(body.code).toBe('VALIDATION_ERROR')
    expect(body.error).toBe(body.message)
    expect(body.timestamp).toMatch(/Z$/)
    expect(body.correlation_id).toBeTruthy()
    expect(body.details.fields.map((f: any) => f.field).join()).toContain(field)
  })

  test('creating the same twice is 409 with the id of the active one; an ended one is no obstacle', async () => {
    const body = bodyB()
    const first = await create(server, body)
    const second = await call('POST', '/workflows', body)
    expect(second.status).toBe(409)
    expect(second.body).toMatchObject({ code: 'WORKFLOW_EXISTS', details: { workflow_id: first.workflow_id } })
    await call('POST', `/workflows/${first.workflow_id}/cancel`)
    expect((await call('POST', '/workflows', body)).status).toBe(201)
  })

  test('the project path is an alias', async () => {
    const { project_id, workflow_type, ...rest } = bodyB()
    const { status, body } = await call('POST', `/projects/${project_id}/workflows/${workflow_type}`, rest)
    expect(status).toBe(201)
    expect(body.project_id).toBe(project_id)
    expect((await call('POST', `/projects/${project_id}/workflows/unheard_of`, rest)).status).toBe(400)
  })

  test('get answers the workflow; an unknown id is 404', async () => {
    const made = await create(server, bodyB())
    const { status, body } = await call('GET', `/workflows/${made.workflow_id}`)
    expect(status).toBe(200)
    expect(WorkflowResponse.safeParse(body).error).toBeUndefined()
    for (const id of [UNKNOWN, 'nonsense']) {
      const missing = await call('GET', `/workflows/${id}`)
      expect(missing.status).toBe(404)
      expect(missing.body.code).toBe('WORKFLOW_NOT_FOUND')
    }
    const traced = await call('GET', `/workflows/${made.workflow_id}?include_trace=true`)
    expect(traced.body.trace.step_history.length).toBeGreaterThan(0)
  })

  test('lists filter, page and refuse a limit of 101', async () => {
    const project = `list-${crypto.randomUUID()}`
    for (let i = 0; i < 3; i++) {
      const w = await create(server, bodyB({ project_id: project }))
      if (i < 2) await call('POST', `/workflows/${w.workflow_id}/cancel`)
    }
    const cancelled = await call('GET', `/workflows?project_id=${project}&status=cancelled`)
    expect(cancelled.body.total_count).toBe(2)
    expect(cancelled.body.workflows.every((w: any) => w.status === 'cancelled' && w.project_id === project)).toBe(true)
    const page = await call('GET', `/workflows?project_id=${project}&limit=2&offset=0`)
    expect(page.body).toMatchObject({ total_count: 3, has_more: true })
    expect(page.body.workflows).toHaveLength(2)
    expect(page.body.workflows[0].created_at >= page.body.workflows[1].created_at).toBe(true)
    expect((await call('GET', `/workflows?project_id=${project}&limit=2&offset=2`)).body).toMatchObject({
      has_more: false,
    })
    for (const query of ['limit=101', 'limit=0', 'offset=-1', 'status=stuck', 'workflow_type=film'])
      expect((await call('GET', `/workflows?${query}`)).status).toBe(400)
    expect((await call('GET', `/projects/${project}/workflows`)).body.total_count).toBe(3)
  })

  test('update changes what it may and nothing else', async () => {
    const made = await create(server, bodyB())
    const path = `/workflows/${made.workflow_id}`
    const { status, body } = await call('PUT', path, {
      title: 'Signal at Dusk',
      priority: 8,
      style_preferences: { tone: 'dark' },
      custom_parameters: { quality: 'premium' },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      workflow_id: made.workflow_id,
      project_id: made.project_id,
      title: 'Signal at Dusk',
      priority: 8,
      style_preferences: { tone: 'dark' },
      custom_parameters: { quality: 'premium' },
    })
    expect((await call('PUT', path, { priority: 'x' })).status).toBe(400)
    expect((await call('PUT', `/workflows/${UNKNOWN}`, { priority: 3 })).status).toBe(404)
    await call('POST', `${path}/cancel`)
    expect((await call('PUT', path, { priority: 3 })).status).toBe(409)
  })

  test('pause and resume, by PUT and POST, refuse what does not fit', async () => {
    const made = await create(server, bodyB())
    const path = `/workflows/${made.workflow_id}`
    const paused = await call('PUT', `${path}/pause`)
    expect(paused.status).toBe(200)
    expect(paused.body).toMatchObject({ status: 'paused', pause_reason: 'user' })
    expect(paused.body.paused_at).toMatch(/Z$/)
    expect((await call('POST', `${path}/pause`)).status).toBe(409)
    const resumed = await call('POST', `${path}/resume`)
    expect(resumed.status).toBe(200)
    expect(resumed.body.resumed_at).toMatch(/Z$/)
    expect((await call('PUT', `/workflows/${UNKNOWN}/pause`)).status).toBe(404)
  })

  test('resuming a running one is 409, and one that only waits for a decision PENDING_DECISION', async () => {
    const made = await create(server, bodyB())
    const w = await pending(server, made.workflow_id, 'story_approval_001')
    expect(w.pause_reason).toBe('decision')
    const refused = await call('PUT', `/workflows/${made.workflow_id}/resume`)
    expect(refused.status).toBe(409)
    expect(refused.body.code).toBe('PENDING_DECISION')
    expect((await call('POST', `/workflows/${made.workflow_id}/start`)).status).toBe(409)
  })

  test('a user pause while a decision is pending keeps both', async () => {
    const made = await create(server, bodyB())
    const path = `/workflows/${made.workflow_id}`
    await pending(server, made.workflow_id, 'story_approval_001')
    const paused = await call('PUT', `${path}/pause`)
    expect(paused.body).toMatchObject({ status: 'paused', pause_reason: 'user' })
    expect(paused.body.pending_decision.decision_id).toBe('story_approval_001')
    expect((await decide(server, made.workflow_id, 'story_approval_001', 'approved')).body.workflow).toMatchObject({
      status: 'paused',
      pause_reason: 'user',
      pending_decision: null,
      current_state: 'concept_development',
    })
    expect((await call('PUT', `${path}/resume`)).body.status).toBe('running')
    await reached(server, made.workflow_id, (w) => w.current_state !== 'concept_development')
  })

  test('cancel ends it; again is 409; DELETE does the same; unknown is 404', async () => {
    const made = await create(server, bodyB())
    const cancelled = await call('POST', `/workflows/${made.workflow_id}/cancel`)
    expect(cancelled.status).toBe(200)
    expect(cancelled.body.status).toBe('cancelled')
    expect(cancelled.body.cancelled_at).toMatch(/Z$/)
    expect((await call('POST', `/workflows/${made.workflow_id}/cancel`)).status).toBe(409)
    const other = await create(server, bodyB())
    const deleted = await call('DELETE', `/workflows/${other.workflow_id}`)
    expect(deleted.status).toBe(200)
    expect(deleted.body.status).toBe('cancelled')
    expect((await call('POST', `/workflows/${UNKNOWN}/cancel`)).status).toBe(404)
    const tasks = (await call('GET', `/workflows/${made.workflow_id}/tasks`)).body.tasks
    expect(tasks.every((t: any) => ['cancelled', 'completed', 'failed'].includes(t.status))).toBe(true)
  })

  test('purge removes an ended one and refuses an active one', async () => {
    const made = await create(server, bodyB())
    const path = `/workflows/${made.workflow_id}`
    expect((await call('DELETE', `${path}?purge=true`)).status).toBe(409)
    await call('POST', `${path}/cancel`)
    expect((await call('DELETE', `${path}?purge=true`)).status).toBe(204)
    expect((await call('GET', path)).status).toBe(404)
    expect((await call('DELETE', `${path}?purge=true`)).status).toBe(404)
    expect((await call('GET', `${path}/events`)).status).toBe(404)
  })

  test('decide: approved goes on to character_creation', async () => {
    const made = await create(server, bodyB())
    await pending(server, made.workflow_id, 'story_approval_001')
    const { status, body } = await decide(server, made.workflow_id, 'story_approval_001', 'approved')
    expect(status).toBe(200)
    expect(body).toMatchObject({ workflow_id: made.workflow_id, decision_id: 'story_approval_001', choice: 'approved' })
    expect(body.accepted_at).toMatch(/Z$/)
    expect(body.workflow.current_state).toBe('character_creation')
    expect(body.workflow.completed_states).toEqual(['concept_development'])
    const again = await decide(server, made.workflow_id, 'story_approval_001', 'approved')
    expect(again.status).toBe(409)
  })

  test('decide wrong: choice 400, id 404, none pending 409', async () => {
    const made = await create(server, bodyB())
    await pending(server, made.workflow_id, 'story_approval_001')
    const maybe = await decide(server, made.workflow_id, 'story_approval_001', 'maybe')
    expect([maybe.status, maybe.body.code]).toEqual([400, 'INVALID_CHOICE'])
    const unknown = await decide(server, made.workflow_id, 'story_approval_099', 'approved')
    expect([unknown.status, unknown.body.code]).toEqual([404, 'DECISION_NOT_FOUND'])
    expect((await decide(server, UNKNOWN, 'story_approval_001', 'approved')).status).toBe(404)
    expect((await call('POST', `/workflows/${made.workflow_id}/decisions`, { decision_id: 'x' })).status).toBe(400)
    await decide(server, made.workflow_id, 'story_approval_001', 'rejected')
    const none = await decide(server, made.workflow_id, 'story_approval_002', 'approved')
    expect([none.status, none.body.code]).toEqual([409, 'NO_PENDING_DECISION'])
  })

  test('two answers to one decision: the first wins, the second is 409', async () => {
    const made = await create(server, bodyB())
    await pending(server, made.workflow_id, 'story_approval_001')
    const answers = await Promise.all(
      ['approved', 'rejected', 'revise'].map((choice) =>
        decide(server, made.workflow_id, 'story_approval_001', choice),
      ),
    )
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409, 409])
  })

  test('tasks, events, graph, checkpoints, deliverables and artifacts are there to read', async () => {
    const made = await create(server, bodyB({ custom_parameters: auto }))
    const id = made.workflow_id
    const w = await ended(server, id)
    const tasks = (await call('GET', `/workflows/${id}/tasks?status=completed&state=media_generation&limit=2`)).body
    expect(tasks.tasks).toHaveLength(2)
    expect(tasks).toMatchObject({ has_more: true })
    const first = (await call('GET', `/workflows/${id}/events?since=0&limit=5`)).body
    expect(first.events.map((e: any) => e.sequence)).toEqual([1, 2, 3, 4, 5])
    expect(first.events[0].type).toBe('workflow.created')
    const rest = (await call('GET', `/workflows/${id}/events?since=${first.last_sequence - 1}`)).body
    expect(rest.events.map((e: any) => e.sequence)).toEqual([first.last_sequence])
    const graph = (await call('GET', `/workflows/${id}/graph`)).body
    const ids = new Set(graph.nodes.map((n: any) => n.id))
    expect(graph.edges.every((e: any) => ids.has(e.source) && ids.has(e.target))).toBe(true)
    expect(graph.nodes.some((n: any) => n.type === 'decision')).toBe(true)
    const checkpoints = (await call('GET', `/workflows/${id}/checkpoints`)).body
    expect(checkpoints.length).toBeGreaterThan(5)
    expect(checkpoints.length).toBeLessThanOrEqual(50)
    const { deliverables } = (await call('GET', `/workflows/${id}/deliverables`)).body
    expect(deliverables.every((d: any) => d.status === 'ready' && d.download_url)).toBe(true)
    const edit = await artifact(server, id, 'final_edit')
    expect(edit).toMatchObject({
      name: 'final_edit',
      index: null,
      version: 1,
      project_id: w.project_id,
      state: 'post_production',
    })
    expect(edit.content.checksum).toBe(`sha256:${edit.file.sha256}`)
    const bytes = await fetch(`${server.url}${edit.file.url}`)
    expect(bytes.status).toBe(200)
    expect((await bytes.arrayBuffer()).byteLength).toBe(edit.file.bytes)
    const part = await fetch(`${server.url}${edit.file.url}`, { headers: { range: 'bytes=0-3' } })
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 4])
    const joined = await artifact(server, id, 'generated_frames')
    expect(joined).toMatchObject({ index: null, task_id: null, agent_id: null, draft: true, generated_by: 'template' })
    const one = await artifact(server, id, 'generated_frames', 1)
    expect(one.content.frame_id).toBe(joined.content.frames[1].frame_id)
    for (const path of [
      'artifacts/nothing',
      'artifacts/generated_frames?index=99',
      'files/..%2f..%2fsecret-key',
      'files/nothing.svg',
    ])
      expect([400, 404]).toContain((await call('GET', `/workflows/${id}/${path}`)).status)
    const missing = await call('GET', `/workflows/${id}/artifacts/generated_frames?index=99`)
    expect(missing.body.code).toBe('ARTIFACT_NOT_FOUND')
  })

  test('an idempotency key gives the first answer again', async () => {
    const body = bodyB()
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const first = await call('POST', '/workflows', body, headers)
    const second = await call('POST', '/workflows', body, headers)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body.workflow_id).toBe(first.body.workflow_id)
  })

  test('the correlation id is echoed and kept in events', async () => {
    const { body, headers } = await call('POST', '/workflows', bodyB(), { 'x-correlation-id': 'my-own-id' })
    expect(headers.get('x-correlation-id')).toBe('my-own-id')
    const { events } = (await call('GET', `/workflows/${body.workflow_id}/events`)).body
    expect(events.every((e: any) => e.correlation_id === 'my-own-id')).toBe(true)
  })

  test('a body above 1 MB is 413', async () => {
    const { status, body } = await call('POST', '/workflows', bodyB({ description: 'x'.repeat(1_100_000) }))
    expect(status).toBe(413)
    expect(body.code).toBeTruthy()
  })
})

describe('agents', () => {
  beforeEach(() => endAll(server))

  const registration = (url: string, over: Record<string, unknown> = {}) => ({
    agent_id: 'story-architect-01',
    agent_type: 'story',
    capabilities: ['story_architect', 'plot_development', 'narrative_structure'],
    endpoint_url: url,
    health_check_url: `${url}/health`,
    resource_requirements: { cpu_cores: 2, memory_gb: 4, gpu_memory_gb: 0, storage_gb: 1 },
    max_concurrent_tasks: 3,
    version: '1.0.0',
    ...over,
  })

  test('register, read, change, check, heartbeat and remove an agent', async () => {
    const stub = await agentStub(() => completed({}))
    const made = await call('POST', '/agents', registration(stub.url))
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      agent_id: 'story-architect-01',
      status: 'available',
      current_tasks: [],
      success_rate: 100,
      transport: 'http',
      max_concurrent_tasks: 3,
      error_count: 0,
    })
    const again = await call('POST', '/agents/register', registration(stub.url))
    expect([again.status, again.body.code]).toEqual([409, 'AGENT_EXISTS'])
    expect((await call('GET', '/agents/story-architect-01/status')).body.agent_id).toBe('story-architect-01')
    const health = await call('GET', '/agents/story-architect-01/health')
    expect(health.status).toBe(200)
    expect(health.body).toMatchObject({ agent_id: 'story-architect-01', status: 'healthy', error_message: null })
    const changed = await call('PUT', '/agents/story-architect-01', {
      description: 'plots',
      capabilities: ['story_architect'],
    })
    expect(changed.body).toMatchObject({ description: 'plots', capabilities: ['story_architect'] })
    expect((await call('PUT', '/agents/story-architect-01', { max_concurrent_tasks: 'many' })).status).toBe(400)
    expect((await call('POST', '/agents/story-architect-01/heartbeat', { status: 'available' })).body).toEqual({
      ok: true,
    })
    await stub.close()
    const down = await call('GET', '/agents/story-architect-01/health')
    expect(down.status).toBe(503)
    expect(down.body.status).toBe('unhealthy')
    expect(down.body.error_message).toBeTruthy()
    expect((await call('DELETE', '/agents/story-architect-01')).status).toBe(200)
    expect((await call('GET', '/agents/story-architect-01')).status).toBe(404)
    expect((await call('GET', '/agents/story-architect-01/health')).status).toBe(404)
  })

  test('an agent that does not answer is registered offline', async () => {
    const { status, body } = await call('POST', '/agents', registration('http://127.0.0.1:9', { agent_id: 'gone-01' }))
    expect(status).toBe(201)
    expect(body.status).toBe('offline')
    expect(body.health_status.error_message).toBeTruthy()
    await call('DELETE', '/agents/gone-01')
  })

  test.each([
    ['capabilities that are no list', { capabilities: 'x' }],
    ['no capability', { capabilities: [] }],
    ['no slot', { max_concurrent_tasks: 0 }],
    ['an address that is none', { endpoint_url: 'not a url' }],
    ['another protocol', { endpoint_url: 'ftp://x' }],
    ['no processor', { resource_requirements: { cpu_cores: 0 } }],
    ['a capability of another type', { capabilities: ['image_generation'] }],
    ['an alias of another type', { capabilities: ['video_assembly'] }],
    ['no version', { version: 'new' }],
    ['an unknown type', { agent_type: 'wizard' }],
  ])('register refuses %s with 400', async (_name, over) => {
    const { status, body } = await call('POST', '/agents', registration('http://127.0.0.1:9', over))
    expect(status).toBe(400)
    expect(body.code).toBe('VALIDATION_ERROR')
  })

  test('lists hold the 55 of the roster and filter by type, status and capability', async () => {
    const all = await call('GET', '/agents?limit=200')
    expect(all.body.total_count).toBeGreaterThanOrEqual(55)
    const story = (await call('GET', '/agents?agent_type=story')).body.agents
    expect(story.length).toBeGreaterThan(0)
    expect(story.every((a: any) => a.agent_type === 'story')).toBe(true)
    const able = (await call('GET', '/agents?capability=dialogue_writer')).body.agents
    expect(able.map((a: any) => a.agent_id)).toEqual(['dialogue_writer'])
    expect((await call('GET', '/agents?status=maintenance')).body.agents).toEqual([])
    for (const query of ['limit=201', 'agent_type=wizard', 'status=gone'])
      expect((await call('GET', `/agents?${query}`)).status).toBe(400)
    expect((await call('GET', '/agents/nobody')).status).toBe(404)
  })

  test('an agent with a running task cannot be removed; a reset gives the task back', async () => {
    let asked = 0
    const stub = await agentStub(() => {
      asked++
      return { hang: true }
    })
    await call(
      'POST',
      '/agents',
      registration(stub.url, { agent_id: 'slow-01', max_concurrent_tasks: 1, resource_requirements: {} }),
    )
    const made = await create(server, bodyB({ custom_parameters: auto }))
    const busy = await reached(server, made.workflow_id, (w) => w.assigned_agents.includes('slow-01'))
    expect(busy.status).toBe('running')
    expect((await call('GET', '/agents/slow-01')).body.status).toBe('busy')
    const refused = await call('DELETE', '/agents/slow-01')
    expect([refused.status, refused.body.code]).toEqual([409, 'AGENT_HAS_ACTIVE_TASKS'])
    const listed = (await call('GET', '/agents/slow-01/tasks?limit=1')).body
    expect(listed.tasks).toHaveLength(1)
    expect(listed.tasks[0].status).toBe('running')
    expect(listed.total_count).toBeGreaterThanOrEqual(1)
    const maintained = await call('PUT', '/agents/slow-01', { status: 'maintenance' })
    expect(maintained.body.status).toBe('maintenance')
    await call('PUT', `/workflows/${made.workflow_id}/pause`)
    const reset = await call('POST', '/agents/slow-01/reset')
    expect(reset.body).toMatchObject({ agent_id: 'slow-01', status: 'available', task_count: 0 })
    expect(reset.body.cancelled_tasks).toHaveLength(1)
    const task = (await call('GET', `/workflows/${made.workflow_id}/tasks/${reset.body.cancelled_tasks[0]}`)).body
    expect(task.status).toBe('pending')
    expect((await call('DELETE', '/agents/slow-01')).status).toBe(200)
    await call('PUT', `/workflows/${made.workflow_id}/resume`)
    await ended(server, made.workflow_id)
    expect(asked).toBeGreaterThan(0)
    await stub.close()
  })
})

describe('projects', () => {
  test('create, read, change, list and remove a project', async () => {
    const made = await call('POST', '/projects', {
      title: 'Neon tide',
      description: 'A city under water.',
      genre: 'science_fiction',
      target_duration: 600,
      style_preferences: { visual_style: 'cyberpunk', tone: 'dramatic' },
      characters: [{ name: 'Mara' }, { name: 'Idris' }],
      content_rating: 'PG-13',
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ user_id: 'local', status: 'draft', source: 'local' })
    const path = `/projects/${made.body.project_id}`
    expect((await call('GET', path)).body.title).toBe('Neon tide')
    expect((await call('PUT', path, { title: 'Neon ebb' })).body.title).toBe('Neon ebb')
    expect((await call('GET', '/projects?limit=1')).body.projects).toHaveLength(1)
    const w = await create(
      server,
      bodyB({
        project_id: made.body.project_id,
        title: undefined,
        genre: undefined,
        description: undefined,
        target_duration: undefined,
        style_preferences: undefined,
      }),
    )
    expect(w).toMatchObject({
      title: 'Neon ebb',
      genre: 'science_fiction',
      target_duration: 600,
      style_preferences: { visual_style: 'cyberpunk', tone: 'dramatic' },
    })
    expect((await call('GET', path)).body.status).toBe('in_production')
    expect((await call('DELETE', path)).status).toBe(409)
    await call('POST', `/workflows/${w.workflow_id}/cancel`)
    expect((await call('DELETE', path)).status).toBe(200)
    expect((await call('GET', path)).status).toBe(404)
  })

  test.each([
    ['no title', {}],
    ['two characters of one name', { title: 'x', characters: [{ name: 'A' }, { name: 'a' }] }],
    ['a rating that is none', { title: 'x', content_rating: 'XX' }],
    ['a deadline that has passed', { title: 'x', deadline: '2001-01-01T00:00:00Z' }],
    ['a negative budget', { title: 'x', budget_constraints: { max_cost: -1 } }],
  ])('create refuses %s', async (_name, body) => {
    expect((await call('POST', '/projects', body)).status).toBe(400)
  })

  test('more active workflows than the project allows is RESOURCE_LIMIT', async () => {
    const { body } = await call('POST', '/projects', { title: 'Small', budget_constraints: { max_workflows: 1 } })
    await create(server, bodyB({ project_id: body.project_id }))
    const second = await call(
      'POST',
      '/workflows',
      bodyB({ project_id: body.project_id, workflow_type: 'character_development' }),
    )
    expect([second.status, second.body.code]).toEqual([409, 'RESOURCE_LIMIT'])
  })
})

test('audit shows who did what, and filters', async () => {
  const made = await create(server, bodyB())
  await call('POST', `/workflows/${made.workflow_id}/cancel`)
  const { status, body } = await call('GET', `/audit?entity_type=workflow&entity_id=${made.workflow_id}`)
  expect(status).toBe(200)
  expect(body.entries.map((e: any) => e.action)).toEqual(
    expect.arrayContaining(['workflow.created', 'workflow.status_changed']),
  )
  expect(body.entries.every((e: any) => e.actor && e.at)).toBe(true)
})

test('the description of the API and its page are served', async () => {
  const document = await server.call('GET', '/api/openapi.json')
  expect(document.body.openapi).toBe('3.1.0')
  expect(Object.keys(document.body.paths)).toContain('/api/v1/workflows/{id}/decisions')
  expect((await server.call('GET', '/api/docs')).body).toContain('/api/v1/agents')
})

test('health names the store, the services and the model', async () => {
  const { status, body } = await server.call('GET', '/health')
  expect(status).toBe(200)
  expect(body.status).toBe('healthy')
  expect(body.dependencies).toMatchObject({
    state_store: 'connected',
    auto_movie: 'not_configured',
    brain: 'not_configured',
    task_service: 'not_configured',
  })
  expect(body.model_configured).toBe(false)
  expect(body.metrics.active_agents).toBeGreaterThanOrEqual(55)
})

test('a callback needs the token of its own task', async () => {
  const { status } = await call('POST', '/callbacks/task-service?token=wrong', {
    task_id: 'j1',
    status: 'completed',
    metadata: { task_id: 't1' },
  })
  expect(status).toBe(401)
})

test('the workflow a person sees is the one that is stored', async () => {
  const made = await create(server, bodyB())
  expect((await get(server, made.workflow_id)).workflow_id).toBe(made.workflow_id)
})
