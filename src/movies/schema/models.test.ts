import { describe, expect, test } from 'vitest'
import {
  CreateProject,
  CreateWorkflow,
  CustomParameters,
  ListAgents,
  ListWorkflows,
  RegisterAgent,
  SubmitDecision,
  UpdateAgent,
  UpdateWorkflow,
} from '../schema.ts'

const workflow = { project_id: 'p1', workflow_type: 'movie_creation' }
const agent = { agent_id: 'a1', agent_type: 'story', capabilities: ['story_architect'], endpoint_url: 'http://x' }
const long = (n: number) => 'x'.repeat(n)
const keys = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]))

type Case = [what: string, field: Record<string, unknown>]
const check = (
  schema: { safeParse(value: unknown): { success: boolean } },
  base: Record<string, unknown>,
  good: Case[],
  bad: Case[],
) => {
  test.each(good)('takes %s', (_what, field) => expect(schema.safeParse({ ...base, ...field }).success).toBe(true))
  test.each(bad)('refuses %s', (_what, field) => expect(schema.safeParse({ ...base, ...field }).success).toBe(false))
}

describe('a new workflow', () => {
  check(
    CreateWorkflow,
    workflow,
    [
      ['an id of 100 characters', { project_id: long(100) }],
      ['every type', { workflow_type: 'character_development' }],
      ['priority 1', { priority: 1 }],
      ['priority 10', { priority: 10 }],
      ['a title of 200', { title: long(200) }],
      ['a description of 2000', { description: long(2000) }],
      ['a genre of 50', { genre: long(50) }],
      ['one second', { target_duration: 1 }],
      ['six hours', { target_duration: 21600 }],
      ['20 style keys', { style_preferences: keys(20) }],
      ['unknown keys', { unheard_of: true }],
    ],
    [
      ['an id of 101', { project_id: long(101) }],
      ['an empty id', { project_id: '' }],
      ['an id with a slash', { project_id: 'a/b' }],
      ['the dropped types', { workflow_type: 'video_creation' }],
      ['priority 0', { priority: 0 }],
      ['priority 11', { priority: 11 }],
      ['half a priority', { priority: 1.5 }],
      ['priority as a word', { priority: 'high' }],
      ['a blank title', { title: '  ' }],
      ['a title of 201', { title: long(201) }],
      ['a description of 2001', { description: long(2001) }],
      ['a genre of 51', { genre: long(51) }],
      ['no time', { target_duration: 0 }],
      ['more than six hours', { target_duration: 21601 }],
      ['21 style keys', { style_preferences: keys(21) }],
      ['a list of parameters', { custom_parameters: [] }],
    ],
  )
  test('has the defaults of the contract, and survives a round trip', () => {
    const parsed = CreateWorkflow.parse(workflow)
    expect(parsed).toEqual({ ...workflow, priority: 5, custom_parameters: {} })
    expect(CreateWorkflow.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })
})

describe('its parameters', () => {
  check(
    CustomParameters,
    {},
    [
      ['one hour', { decision_timeout_hours: 1 }],
      ['720 hours', { decision_timeout_hours: 720 }],
      ['episode 50', { episode_number: 50 }],
      ['20 characters', { character_count: 20 }],
      ['a seed by name', { characters: ['Mara'] }],
      ['a threshold of 0', { quality_threshold: 0 }],
      ['a tall format', { aspect_ratio: '9:16' }],
      ['unknown keys', { house_style: 'ours' }],
    ],
    [
      ['no hours', { decision_timeout_hours: 0 }],
      ['721 hours', { decision_timeout_hours: 721 }],
      ['another mode', { decision_mode: 'maybe' }],
      ['another answer to a timeout', { on_decision_timeout: 'ask' }],
      ['an unknown point', { approval_points: ['lunch'] }],
      ['episode 0', { episode_number: 0 }],
      ['episode 51', { episode_number: 51 }],
      ['no characters', { character_count: 0 }],
      ['21 characters', { character_count: 21 }],
      ['a threshold of 101', { quality_threshold: 101 }],
      ['another profile', { profile: 'huge' }],
      ['another format', { aspect_ratio: '2:1' }],
      ['a resolution in words', { resolution: 'large' }],
      ['a seed without name', { characters: [{ role: 'hero' }] }],
    ],
  )
})

describe('a change of a workflow', () => {
  check(
    UpdateWorkflow,
    {},
    [['nothing', {}]],
    [
      ['priority 11', { priority: 11 }],
      ['a blank title', { title: '' }],
      ['a bad known parameter', { custom_parameters: { fps: 0 } }],
    ],
  )
})

describe('a choice', () => {
  check(
    SubmitDecision,
    { decision_id: 'd', choice: 'approved' },
    [['5000 characters of feedback', { feedback: long(5000) }]],
    [
      ['5001', { feedback: long(5001) }],
      ['no choice', { choice: '' }],
      ['no decision', { decision_id: undefined }],
    ],
  )
})

describe('an agent', () => {
  check(
    RegisterAgent,
    agent,
    [
      ['a websocket address', { endpoint_url: 'wss://host/mcp' }],
      ['a built-in endpoint', { endpoint_url: 'builtin:story_architect' }],
      ['100 slots', { max_concurrent_tasks: 100 }],
      ['the least resources', { resource_requirements: { cpu_cores: 0.1, memory_gb: 0.1 } }],
      ['a pre-release', { version: '2.0.0-rc.1' }],
    ],
    [
      ['capabilities that are no list', { capabilities: 'x' }],
      ['a capability in capitals', { capabilities: ['Story'] }],
      ['a capability of one letter', { capabilities: ['a'] }],
      ['a capability of 65', { capabilities: [long(65)] }],
      ['no capability', { capabilities: [] }],
      ['no slot', { max_concurrent_tasks: 0 }],
      ['101 slots', { max_concurrent_tasks: 101 }],
      ['a file address', { endpoint_url: 'file:///etc/passwd' }],
      ['no address', { endpoint_url: 'story' }],
      ['no processor', { resource_requirements: { cpu_cores: 0 } }],
      ['less than no GPU', { resource_requirements: { gpu_memory_gb: -1 } }],
      ['version 1', { version: '1' }],
      ['another type', { agent_type: 'creative' }],
      ['an id with a blank', { agent_id: 'a b' }],
      ['another transport', { transport: 'pigeon' }],
    ],
  )
  check(
    UpdateAgent,
    {},
    [['maintenance', { status: 'maintenance' }]],
    [
      ['being set busy', { status: 'busy' }],
      ['slots as a word', { max_concurrent_tasks: 'many' }],
    ],
  )
  test('has the defaults of the contract', () => {
    expect(RegisterAgent.parse(agent)).toMatchObject({
      resource_requirements: { cpu_cores: 1, memory_gb: 1, gpu_memory_gb: 0, storage_gb: 0 },
      max_concurrent_tasks: 1,
      version: '1.0.0',
      description: '',
      specializations: [],
      configuration: {},
    })
  })
})

describe('a project', () => {
  check(
    CreateProject,
    { title: 'Neon' },
    [
      ['every rating', { content_rating: 'NC-17' }],
      ['no limits', { budget_constraints: {} }],
      ['a description of 5000', { description: long(5000) }],
    ],
    [
      ['no title', { title: undefined }],
      ['a title of 201', { title: long(201) }],
      ['a description of 5001', { description: long(5001) }],
      ['no length', { target_duration: 0 }],
      ['nobody', { user_id: ' ' }],
      ['two of one name', { characters: [{ name: 'A' }, { name: 'a' }] }],
      ['a nameless character', { characters: [{ type: 'hero' }] }],
      ['another rating', { content_rating: 'X' }],
      ['a negative budget', { budget_constraints: { max_gpu_minutes: -1 } }],
      ['a day that is none', { deadline: 'tomorrow' }],
    ],
  )
  test('is a local one with the defaults of the contract', () => {
    expect(CreateProject.parse({ title: 'Neon' })).toMatchObject({ user_id: 'local', target_duration: 60, genre: null })
  })
})

describe('lists', () => {
  check(
    ListWorkflows,
    {},
    [['100', { limit: '100' }]],
    [
      ['101', { limit: '101' }],
      ['none', { limit: '0' }],
      ['before the start', { offset: '-1' }],
      ['half', { limit: '1.5' }],
      ['a word', { limit: 'all' }],
    ],
  )
  check(ListAgents, {}, [['200', { limit: '200' }]], [['201', { limit: '201' }]])
  test('have the sizes of the contract', () => {
    expect(ListWorkflows.parse({})).toMatchObject({ limit: 20, offset: 0 })
    expect(ListAgents.parse({})).toMatchObject({ limit: 100, offset: 0 })
  })
})
