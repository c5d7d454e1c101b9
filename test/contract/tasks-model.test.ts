import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { submit } from '../_agents.ts'
import { type FakeLlm, startFakeLlm } from '../_fake-llm.ts'
import { type TestServer, testServer } from '../_server.ts'

let llm: FakeLlm
let server: TestServer
const JOB = 'Plan the summer party, find a place and write the invitation'
const step = (description: string, more: object = {}) => ({
  description,
  required_capabilities: ['data_analysis'],
  ...more,
})

beforeAll(async () => {
  llm = await startFakeLlm()
  server = await testServer({
    env: {
      LLM_PROVIDER: 'openai_compatible',
      LLM_BASE_URL: llm.urls.openai,
      LLM_API_KEY: 'sk-fake-0123456789abcdef',
      LLM_MODEL: 'ok',
      LLM_RETRIES: '0',
    },
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await llm.close()
})

const split = async (answer: string) => {
  llm.reply = () => ({ text: answer })
  return (await server.call('GET', `/tasks/${await submit(server, JOB)}`)).body.task
}
/** Dispatch writes warnings of its own beside the ones that are meant. */
const warnings = async (id: string): Promise<string[]> =>
  (await server.call('GET', `/logs?task_id=${id}&log_level=WARN`)).body.logs.map((log: any) => log.message)
const dependencies = (task: any) =>
  task.subtasks.map((one: any) =>
    one.dependencies.map((id: string) => task.subtasks.findIndex((other: any) => other.id === id)),
  )

describe('a model that splits jobs (I19)', () => {
  const three = [
    step('Find out who comes'),
    step('Look for a place to be', { dependencies: [0], priority: 9 }),
    step('Write the invitation text', { dependencies: [0, 1], estimated_duration: 40 }),
  ]

  it('is asked with the job as data, the capabilities, and its three steps are taken', async () => {
    const task = await split(JSON.stringify(three))
    expect(task.decomposition_method).toBe('model')
    expect(dependencies(task)).toEqual([[], [0], [0, 1]])
    expect(task.subtasks.map((one: any) => [one.priority, one.estimated_duration])).toEqual([
      [5, null],
      [9, null],
      [5, 40],
    ])
    const asked = JSON.stringify(llm.seen.at(-1))
    for (const wanted of [JOB, 'database_operations', 'zero-based positions']) expect(asked).toContain(wanted)
  })

  it('may put prose and a fence around them', async () => {
    const task = await split(`Here you are:\n\`\`\`json\n${JSON.stringify(three)}\n\`\`\`\nGood luck!`)
    expect([task.decomposition_method, task.subtasks.length]).toEqual(['model', 3])
  })

  it('answers nonsense: the rules work', async () => {
    const task = await split('I would rather not.')
    expect(['rules', 'fallback']).toContain(task.decomposition_method)
    expect(await warnings(task.id)).toContainEqual(expect.stringContaining('did not answer with a list of steps'))
  })

  it('names an unknown capability, a wrong priority, an impossible dependency: cleaned', async () => {
    const task = await split(
      JSON.stringify([
        {
          description: 'Fly there',
          required_capabilities: ['flying'],
          dependencies: [0, 7, 0],
          priority: 99,
          estimated_duration: -3,
        },
      ]),
    )
    expect(task.subtasks[0]).toMatchObject({
      description: 'Fly there.',
      required_capabilities: ['code_generation'],
      dependencies: [],
      priority: 10,
      estimated_duration: null,
    })
  })

  it('makes a circle: the back edge goes, with a warning', async () => {
    const task = await split(
      JSON.stringify([
        step('First of the circle', { dependencies: [1] }),
        step('Second of the circle', { dependencies: [0] }),
      ]),
    )
    expect(dependencies(task)).toEqual([[1], []])
    expect(await warnings(task.id)).toContainEqual(expect.stringContaining('circle'))
  })
})
