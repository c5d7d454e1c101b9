import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finished, startAgents, submit } from '../_agents.ts'
import { type FakeLlm, startFakeLlm } from '../_fake-llm.ts'
import { type TestServer, testServer } from '../_server.ts'

const MODEL = (llm: FakeLlm) => ({
  LLM_PROVIDER: 'openai_compatible',
  LLM_BASE_URL: llm.urls.openai,
  LLM_API_KEY: 'sk-fake-0123456789abcdef',
  LLM_MODEL: 'ok',
  LLM_RETRIES: '0',
  LLM_PRICE_INPUT: '1',
  LLM_PRICE_OUTPUT: '2',
})
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
  server = await testServer({ env: MODEL(llm) })
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

describe('an agent in a process of its own', () => {
  const costOf = async (runId: string) => (await server.call('GET', `/v1/runs/${runId}/cost`)).body

  it('tells what its models used, and a fork with a limit keeps it there', async () => {
    const agents = await startAgents(server, 1, MODEL(llm))
    try {
      const job = 'Write a birthday card for the neighbour'
      let turns = 0
      llm.reply = (asked) => {
        const isWork = asked.tools.length > 0
        if (isWork && JSON.stringify(asked).includes(job)) turns++
        return { text: isWork ? '<p>Happy birthday</p>' : JSON.stringify([step(job)]) }
      }
      expect((await finished(server, await submit(server, job))).task.status).toBe('completed')
      const [run] = (await server.call('GET', `/v1/runs?q=${encodeURIComponent(job)}`)).body.runs
      const cost = await costOf(run.id)
      expect(cost).toMatchObject({ calls: 2, capped_usd: null })
      expect(cost.spent_usd).toBeGreaterThan(0)
      expect(cost.spent_tokens).toBeGreaterThan(0)

      const fork = await server.call('POST', `/v1/runs/${run.id}/fork`, { stage_no: 1, limits: { usd: 0.0001 } })
      expect(fork.status, JSON.stringify(fork.body)).toBe(201)
      const { task } = await finished(server, fork.body.key)
      expect(task.status).toBe('failed')
      expect(JSON.stringify(task)).toContain('budget of this run is used up (US dollars')
      expect(turns).toBe(1)
      expect(await costOf(fork.body.id)).toMatchObject({ capped_usd: 0.0001, spent_usd: 0 })
    } finally {
      await Promise.all(agents.map((agent) => agent.stop(0)))
    }
  })
})
