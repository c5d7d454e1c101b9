import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestServer } from '../_server.ts'
import { agentStub, completed } from './_agent-stub.ts'
import { auto, bodyB, create, ended, moviesServer } from './_movies.ts'

let server: TestServer
let document: any
let workflow: any
let stub: Awaited<ReturnType<typeof agentStub>>
beforeAll(async () => {
  server = await moviesServer()
  stub = await agentStub(() => completed({}))
  document = (await server.call('GET', '/api/openapi.json')).body
  workflow = await ended(server, (await create(server, bodyB({ custom_parameters: auto }))).workflow_id)
}, 60_000)
afterAll(async () => {
  await stub.close()
  await server[Symbol.asyncDispose]()
})

const ajv = new Ajv2020.default({ strict: false })
addFormats.default(ajv)

/** Calls an address and holds the answer against what the document says of it. */
async function conforms(method: string, template: string, path: string, body?: unknown) {
  const answer = await server.call(method, path, body)
  const operation = document.paths[template]?.[method.toLowerCase()]
  expect(operation, `${method} ${template} is described`).toBeDefined()
  const described = operation.responses[answer.status] ?? operation.responses.default
  const schema = described.content['application/json'].schema
  const validate = ajv.compile(schema.$ref ? document.components.schemas.Error : schema)
  expect(validate(answer.body), `${method} ${path} ${answer.status}: ${ajv.errorsText(validate.errors)}`).toBe(true)
  return answer
}

const V1 = '/api/v1'
const of = (path: string) => `${V1}/workflows/{id}${path}`
const at = (path: string) => `${V1}/workflows/${workflow.workflow_id}${path}`

test.each(['', '/decisions', '/tasks', '/events', '/graph', '/checkpoints', '/deliverables'])(
  'GET /workflows/{id}%s answers what the document says',
  async (path) => {
    expect((await conforms('GET', of(path), at(path))).status).toBe(200)
  },
)

test('lists, artifacts, single tasks and traces answer what the document says', async () => {
  for (const name of ['workflows', 'agents', 'projects', 'audit'])
    expect((await conforms('GET', `${V1}/${name}`, `${V1}/${name}`)).status).toBe(200)
  await conforms('GET', of(''), at('?include_trace=true'))
  for (const name of ['concept_brief', 'generated_frames', 'generated_frames?index=0', 'final_edit', 'nothing'])
    await conforms('GET', of('/artifacts/{name}'), at(`/artifacts/${name}`))
  const { tasks } = (await server.call('GET', at('/tasks'))).body
  await conforms('GET', of('/tasks/{taskId}'), at(`/tasks/${tasks[0].task_id}`))
  const project = `${V1}/projects/${workflow.project_id}`
  await conforms('GET', `${V1}/projects/{id}`, project)
  await conforms('GET', `${V1}/projects/{id}/workflows`, `${project}/workflows`)
})

test('what changes something answers what the document says, refusals too', async () => {
  const made = await conforms('POST', `${V1}/workflows`, `${V1}/workflows`, bodyB())
  const own = (path: string) => `${V1}/workflows/${made.body.workflow_id}${path}`
  await conforms('PUT', of(''), own(''), { priority: 7 })
  for (const [verb, status] of [
    ['pause', 200],
    ['pause', 409],
    ['resume', 200],
    ['cancel', 200],
    ['start', 409],
  ] as const)
    expect((await conforms('POST', of(`/${verb}`), own(`/${verb}`))).status).toBe(status)
  await conforms('POST', of('/decisions'), own('/decisions'), { decision_id: 'story_approval_001', choice: 'approved' })
  await conforms('POST', `${V1}/workflows`, `${V1}/workflows`, { priority: 11 })
  const { project_id, workflow_type, ...rest } = bodyB()
  const alias = `${V1}/projects/{projectId}/workflows/{workflowType}`
  await conforms('POST', alias, `${V1}/projects/${project_id}/workflows/${workflow_type}`, rest)
  await conforms('POST', `${V1}/projects`, `${V1}/projects`, { project_id: 'described', title: 'Neon' })
  await conforms('PUT', `${V1}/projects/{id}`, `${V1}/projects/described`, { title: 'Neon tide' })
  await conforms('DELETE', `${V1}/projects/{id}`, `${V1}/projects/described`)
})

test('the calls of agents answer what the document says, and a secret is never shown', async () => {
  const agent = {
    agent_id: 'described-01',
    agent_type: 'story',
    capabilities: ['plot_polish'],
    endpoint_url: stub.url,
    configuration: { api_key: 'very-secret', style: 'dry' },
  }
  const [list, one] = [`${V1}/agents`, `${V1}/agents/{id}`]
  const path = `${V1}/agents/described-01`
  const made = await conforms('POST', `${list}/register`, `${list}/register`, agent)
  expect(made.body.configuration).toEqual({ api_key: '***', style: 'dry' })
  await conforms('GET', `${one}/status`, `${path}/status`)
  await conforms('PUT', one, path, { configuration: { ...made.body.configuration, style: 'wet' } })
  const { rows } = await server.kernel.db.query(
    `select data->'configuration' as c from movies.agents where agent_id = 'described-01'`,
  )
  expect(rows[0]!['c']).toEqual({ api_key: 'very-secret', style: 'wet' })
  await conforms('GET', `${one}/health`, `${path}/health`)
  await conforms('POST', `${one}/heartbeat`, `${path}/heartbeat`)
  await conforms('GET', `${one}/tasks`, `${path}/tasks`)
  await conforms('POST', `${one}/reset`, `${path}/reset`)
  await conforms('DELETE', one, path)
  await conforms('GET', one, path)
  const { entries } = (await server.call('GET', `${V1}/audit?entity_id=described-01`)).body
  expect(entries.map((e: any) => e.action)).toEqual(
    expect.arrayContaining(['agent.registered', 'agent.updated', 'agent.reset', 'agent.removed']),
  )
  expect(JSON.stringify(entries)).not.toContain('very-secret')
})

test('every operation says what it takes and answers, and limits stand in the document', () => {
  for (const [path, methods] of Object.entries<any>(document.paths))
    for (const [method, operation] of Object.entries<any>(methods)) {
      expect(operation.summary, `${method} ${path}`).toBeTruthy()
      if (/files|docs|openapi|exports|screenplay|shots/.test(path)) continue
      expect(
        Object.entries<any>(operation.responses).some(
          ([status, r]) => /^2/.test(status) && (r.content || status === '204'),
        ),
        `${method} ${path} describes its answer`,
      ).toBe(true)
    }
  const body = document.paths[`${V1}/workflows`].post.requestBody.content['application/json'].schema
  expect(body.properties.priority).toMatchObject({ minimum: 1, maximum: 10, default: 5 })
  expect(body.properties.workflow_type.enum).toEqual(['movie_creation', 'episode_production', 'character_development'])
  expect(body.required).toEqual(['project_id', 'workflow_type'])
  expect(document.components.schemas.Error.required).toEqual(
    expect.arrayContaining(['error', 'message', 'code', 'details', 'timestamp', 'correlation_id']),
  )
})

test('unknown paths and methods answer in the same shape', async () => {
  const missing = await server.call('GET', `${V1}/nothing`)
  const wrong = await server.call('PATCH', `${V1}/workflows`)
  expect([missing.status, wrong.status]).toEqual([404, 405])
  expect(wrong.headers.get('allow')).toContain('POST')
  const validate = ajv.compile(document.components.schemas.Error)
  for (const { body } of [missing, wrong]) expect(validate(body), ajv.errorsText(validate.errors)).toBe(true)
  const broken = await fetch(`${server.url}${V1}/workflows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"project_id":',
  })
  expect([broken.status, ((await broken.json()) as any).code]).toEqual([400, 'VALIDATION_ERROR'])
})
