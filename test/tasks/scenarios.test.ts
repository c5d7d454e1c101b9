// The integration scenarios of the contract (section 8.4). I1, I5 and I18 are in test/contract/tasks.test.ts, I19 in
// test/contract/tasks-model.test.ts, I14 and I20 in scenarios-loss.test.ts.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, startAgents, submit } from '../_agents.ts'
import { type FakeLlm, startFakeLlm } from '../_fake-llm.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { commandLine } from './_command-line.ts'
import { type Site, startSite } from './_site.ts'

const CSV = fs.readFileSync(path.resolve(import.meta.dirname, '../../examples/sales.csv'))
let server: TestServer
let agents: RunningAgent[]
let site: Site
let llm: FakeLlm
/** What the model answers to the next split; by default nothing usable, so that the rules split. */
let steps: object[] | undefined

beforeAll(async () => {
  ;[site, llm] = await Promise.all([startSite(), startFakeLlm()])
  llm.reply = () => ({ text: steps ? JSON.stringify(steps) : 'No.' })
  server = await testServer({
    env: {
      ALLOW_PRIVATE_HOSTS: '1',
      LLM_PROVIDER: 'openai_compatible',
      LLM_BASE_URL: llm.urls.openai,
      LLM_API_KEY: 'sk-fake-0123456789abcdef',
      LLM_MODEL: 'ok',
      LLM_MAX_RETRIES: '0',
    },
  })
  agents = await startAgents(server)
}, 120_000)
afterAll(async () => {
  site.release()
  await Promise.all(agents.map((agent) => agent.stop(0)))
  await server[Symbol.asyncDispose]()
  await Promise.all([site.close(), llm.close()])
})

async function submitWithCsv(description: string): Promise<string> {
  const body = new FormData()
  body.set('description', description)
  body.append('files', new Blob([CSV]), 'sales.csv')
  const reply = await fetch(`${server.url}/tasks`, { method: 'POST', body })
  return ((await reply.json()) as { task_id: string }).task_id
}
const run = async (description: string, more: object = {}) =>
  finished(server, await submit(server, description, { ...more }))
const ordered = ({ task }: any) => task.subtasks.map((one: any) => one.dependencies.length)

describe('scenarios of the contract', { timeout: 120_000 }, () => {
  it('I2: "Calculate factorial of 5" gives 120', async () => {
    const { task } = await run('Calculate factorial of 5')
    expect(task.result.data.factorial_5).toBe(120)
  })

  it('I3: "Simple calculation: 2 + 2" completes with result 4', async () => {
    const { task } = await run('Simple calculation: 2 + 2')
    expect(task).toMatchObject({ status: 'completed', result: { data: { result: 4 } } })
  })

  it('I4: sum, product, then both combined by the third step', async () => {
    const done = await run('Calculate sum of 1 to 10, then calculate product of 1 to 5, then combine results')
    expect(ordered(done)).toEqual([0, 1, 2])
    expect(done.task.result.data).toMatchObject({ sum_1_10: 55, product_1_5: 120 })
    const third = done.subtask_results.find((one: any) => one.subtask_id === done.task.subtasks[2].id)
    expect(third.output.data.combined).toMatchObject({ sum_1_10: 55, product_1_5: 120 })
    const at = done.task.subtasks.map((one: any) => [one.started_at, one.finished_at])
    expect(at[0][1] <= at[1][0] && at[1][1] <= at[2][0]).toBe(true)
  })

  it('I6: weather without URL and model: three steps by rules, the first fails, the others are blocked', async () => {
    const { task } = await run('Fetch weather data from API, analyze temperature trends, and create summary report')
    expect(task.subtasks.map((one: any) => one.required_capabilities)).toEqual([
      ['api_integration'],
      ['data_analysis'],
      ['code_generation'],
    ])
    for (const one of task.subtasks) expect(one.description.length).toBeGreaterThanOrEqual(10)
    expect(task.subtasks.map((one: any) => one.status)).toEqual(['failed', 'blocked', 'blocked'])
    expect(task.status).toBe('failed')
  })

  it('I7: filter the attached CSV, average, save: 3 rows, 1733.3333333333333, filtered.csv downloadable', async () => {
    const id = await submitWithCsv(
      'Read the attached CSV, filter rows where revenue > 1000, calculate average and save to new file',
    )
    const { task } = await finished(server, id)
    expect(task.result.data).toMatchObject({ filtered_count: 3, mean_revenue: 1733.3333333333333 })
    expect(task.result.data.rows.map((row: any) => row.revenue)).toEqual([1200, 1500, 2500])
    const file = task.result.files.find((name: string) => name.endsWith('filtered.csv'))
    const got = await fetch(`${server.url}/tasks/${id}/outputs/${file.replace(/^output\//, '')}`)
    expect([got.status, (await got.text()).trim().split('\n').length]).toEqual([200, 4])
  })

  it('I8: the CSV by region, top products, monthly trends, with charts', async () => {
    const id = await submitWithCsv(
      'Analyze the attached CSV: total revenue by region, top products, monthly trends, with charts',
    )
    const { data } = (await finished(server, id)).task.result
    expect(data.columns.find((one: any) => one.name === 'revenue')).toMatchObject({
      sum: 6500,
      mean: 1300,
      median: 1200,
      stdev_sample: 771.3624310270756,
    })
    const sums = (groups: any) => Object.entries(groups).map(([key, value]: any) => [key, value.revenue.sum])
    expect(Object.fromEntries(sums(data.by_region))).toEqual({ North: 2700, South: 1300, East: 2500 })
    expect(sums(data.by_month)).toEqual([
      ['2025-01', 2000],
      ['2025-02', 2000],
      ['2025-03', 2500],
    ])
    expect(data.top_5_product).toEqual([
      { product: 'C', revenue: 2500 },
      { product: 'B', revenue: 2300 },
      { product: 'A', revenue: 1700 },
    ])
    const { artifacts } = (await server.call('GET', `/tasks/${id}/files`)).body
    expect(artifacts.map((one: any) => one.mime_type)).toContain('image/png')
    const chart = await fetch(`${server.url}/${artifacts.find((one: any) => one.path.endsWith('.png')).path}`)
    expect(
      Buffer.from(await chart.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  })

  it('I9: a table of a page is scraped, validated and stored: two rows in agent_data.prices', async () => {
    const { task } = await run(`Scrape ${site.url}/prices.html and store in database table prices`)
    expect(task.subtasks.map((one: any) => one.required_capabilities[0])).toEqual([
      'web_scraping',
      'data_analysis',
      'database_operations',
    ])
    const rows = await server.kernel.db.query('select name, price from agent_data.prices order by price')
    expect(rows.rows).toEqual([
      { name: 'Pen', price: 1.5 },
      { name: 'Book', price: 12 },
    ])
  })

  it('I10: e-mail addresses out of an API', async () => {
    const { task } = await run(`Fetch user data from ${site.url}/api/users, then extract emails`)
    expect(task.result.data.extracted).toEqual(['ada@example.org', 'grace@example.org'])
  })

  it('I11: SQL reads, and does not write', async () => {
    expect((await run('Run SQL: SELECT 1 AS one')).task.result.data.rows).toEqual([{ one: 1 }])
    const { task } = await run('Run SQL: DELETE FROM tasks')
    expect(task.status).toBe('failed')
    expect(task.error).toMatch(/^Subtask subtask_[0-9a-f]{12} failed: SQL_NOT_ALLOWED: (?!SQL_NOT_ALLOWED)/)
  })

  it('I12 and I13: a failure blocks its dependent, the other branch completes; retried with corrected input all completes', async () => {
    const step = (description: string, capability: string, dependencies: number[] = []) => ({
      description,
      required_capabilities: [capability],
      dependencies,
    })
    steps = [
      step('Run SQL: DELETE FROM tasks', 'database_operations'),
      step('Calculate factorial of 5', 'data_analysis'),
      step('Create a report of the results', 'code_generation', [0]),
      step('Calculate factorial of 6', 'data_analysis', [1]),
    ]
    const id = await submit(server, 'Do four things that the model lists')
    steps = undefined
    const { task } = await finished(server, id)
    const [bad, , blocked] = task.subtasks
    expect(task.subtasks.map((one: any) => one.status)).toEqual(['failed', 'completed', 'blocked', 'completed'])
    expect(blocked).toMatchObject({ blocked_by: [bad.id], attempts: 0, assigned_agent: null })
    expect(task.error).toMatch(/failed: SQL_NOT_ALLOWED: .*Blocked: subtask_/)
    const { rows } = await server.kernel.db.query(
      `select metadata from tasks.agent_logs where task_id = $1 and log_level = 'ERROR'`,
      [id],
    )
    expect(rows.length).toBeGreaterThan(0)

    const retried = await server.call('POST', `/tasks/${id}/subtasks/${bad.id}/retry`, {
      input_data: { sql: 'SELECT 1 AS one' },
    })
    expect(retried.body).toMatchObject({ status: 'in_progress', requeued: [bad.id], unblocked: [blocked.id] })
    const again = await finished(server, id)
    expect(again.task.status).toBe('completed')
    expect(
      again.subtask_results
        .filter((one: any) => one.subtask_id === bad.id)
        .map((one: any) => [one.attempt, one.status]),
    ).toEqual([
      [1, 'failed'],
      [2, 'completed'],
    ])
  })

  it('I15: ten tasks at once all complete, three agents or more work, none has two subtasks at a time', async () => {
    const jobs = Array.from(
      { length: 10 },
      (_, i) =>
        [`Calculate factorial of ${i + 3}`, `Run SQL: SELECT ${i} AS n`, `Scrape ${site.url}/prices.html`][i % 3]!,
    )
    const ids = await Promise.all(jobs.map((job) => submit(server, job)))
    const done = await Promise.all(ids.map((id) => finished(server, id)))
    expect(done.map(({ task }) => task.status)).toEqual(Array(10).fill('completed'))
    expect(
      new Set(done.flatMap(({ task }) => task.subtasks.map((one: any) => one.assigned_agent))).size,
    ).toBeGreaterThanOrEqual(3)
    const overlaps = await server.kernel.db.query(
      `select a.assignment_id, b.assignment_id from kernel.attempts a join kernel.attempts b on a.agent_id = b.agent_id and a.assignment_id < b.assignment_id
        where a.status = 'completed' and b.status = 'completed' and a.started_at < b.ended_at and b.started_at < a.ended_at`,
    )
    expect(overlaps.rows).toEqual([])
  })

  it('I16: cancelled while running: the agent is free again, nothing further is dispatched', async () => {
    const id = await submit(
      server,
      `Fetch data from ${site.url}/api/slow/one, then fetch data from ${site.url}/api/slow/two`,
    )
    await until(() => site.seen.includes('/api/slow/one'))
    const cancelled = await server.call('POST', `/tasks/${id}/cancel`)
    expect(cancelled.body).toEqual({ task_id: id, status: 'cancelled', cancelled_subtasks: 2 })
    await until(async () => (await server.call('GET', '/agents/available')).body.count === 5)
    const { task } = await finished(server, id)
    expect(task.subtasks.map((one: any) => one.status)).toEqual(['cancelled', 'cancelled'])
    site.release()
    expect(site.seen).not.toContain('/api/slow/two')
    expect((await server.call('POST', `/tasks/${id}/cancel`)).status).toBe(409)
  })

  it('I17: a result over 256 KB is stored by reference, and the next step reads it', async () => {
    const id = await submit(server, `Fetch data from ${site.url}/api/big.json, then calculate statistics of the data`)
    const { task, subtask_results } = await finished(server, id)
    expect(task.error).toBeNull()
    const first = subtask_results.find((one: any) => one.subtask_id === task.subtasks[0].id).output
    expect(first.result_ref).toMatchObject({ content_type: 'application/json' })
    expect(first.result_ref.bytes).toBeGreaterThan(256 * 1024)
    const stored = fs.readFileSync(
      path.join(server.dir, 'shared_files', id, first.result_ref.path.replace(/^shared_files\/task_[^/]+\//, '')),
    )
    expect(createHash('sha256').update(stored).digest('hex')).toBe(first.result_ref.sha256)
    expect(task.result.data.row_count).toBe(4000)
    const whole = await server.call('GET', `/tasks/${id}/subtasks/${task.subtasks[0].id}/output`)
    expect(whole.body.data.json ?? whole.body.data.rows).toHaveLength(4000)
  })
})

commandLine(() => server.url)
