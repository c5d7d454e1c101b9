import { execFileSync } from 'node:child_process'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AgentChildren, startAgentChildren } from '../../src/cli/agent-children.ts'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { part } from '../../src/kernel/kernel.ts'
import { silentLog } from '../../src/kernel/telemetry/logger.ts'
import { CRITERIA, venue } from '../../src/planning/routes/_scenario.ts'
import type { ServerState } from '../../src/server/start-server.ts'
import { submit } from '../_agents.ts'
import { launchBrowser } from '../_browser.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { type FixtureServer, startFixtureServer } from './_fixture-server.ts'
import { fixtureRoutes } from './_fixtures.ts'
import { axeFindings, DEVICES, openPage, sideways, whyOfRow } from './_looks.ts'

let server: FixtureServer
let browser: Browser
/** A whole server with two agent processes of its own, as `troupe up` starts them: what is not made up. */
let real: TestServer
let agents: AgentChildren
const TOKEN = 'agents-of-this-test'
beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  server = await startFixtureServer(fixtureRoutes())
  browser = await launchBrowser()
  real = await testServer({ agentToken: TOKEN })
  agents = startAgentChildren({
    agents: [
      { id: 'agent_1', port: 0 },
      { id: 'agent_5', port: 0 },
    ],
    serverUrl: real.url,
    token: TOKEN,
    env: { PATH: process.env['PATH'], DATA_PATH: `${real.dir}/data` },
    compileCache: `${real.dir}/compiled`,
    log: silentLog,
  })
  real.kernel.use(part<ServerState>('server')).ownAgents = agents
  await until(async () => (await real.call('GET', '/agents')).body.agents.length === 2)
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await agents?.stop()
  await real?.[Symbol.asyncDispose]()
})

const SCREENS: [path: string, ready: string][] = [
  ['/?tour=1', 'See it work'],
  ['/settings?tab=webhooks', 'Build server'],
  ['/settings?tab=phone', 'Make a link'],
  ['/audit?id=aud_2', 'Before and after'],
  ['/why?kind=task&id=task_1', 'The story, in order'],
  ['/runs/compare?left=run_plan&right=run_fork', 'First divergence'],
]
const LOOKS = [
  ['light, 1280×800', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['dark, 390×844', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
] as const

describe('the first load', () => {
  it('is at most 200 kB of script gzipped', () => {
    expect(execFileSync(process.execPath, ['scripts/check-bundle.ts'], { encoding: 'utf8' })).toContain('first load')
  })
})

describe('the platform’s screens', () => {
  for (const [name, look] of LOOKS)
    it(`are accessible, fit their width and throw nothing (${name})`, { timeout: 240_000 }, async () => {
      const context = await browser.newContext({ ...look, reducedMotion: 'reduce' })
      const faults: string[] = []
      for (const [path, ready] of SCREENS) {
        const page = await context.newPage()
        page.setDefaultTimeout(60_000)
        page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
        await page.goto(`${server.url}/app${path}`)
        await page.getByText(ready).first().waitFor({ state: 'attached' })
        for (const found of await axeFindings(page)) faults.push(`${path}: ${found}`)
        if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) faults.push(`${path}: too wide`)
        await page.close()
      }
      await context.close()
      expect(faults).toEqual([])
    })

  it('answer, hand on and mark questions by keyboard alone', { timeout: 120_000 }, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(`${server.url}/app/inbox`)
    await page.getByRole('heading', { name: /Approve the budget/ }).waitFor()
    await page.keyboard.press('x')
    await page.getByRole('toolbar', { name: '1 question marked' }).waitFor()
    await page.keyboard.press('d')
    const dialog = page.getByRole('dialog', { name: 'Hand this question on' })
    await dialog.getByLabel('People').fill('ben')
    await dialog.getByRole('button', { name: 'Hand on' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.getByText('Verify the chain').waitFor()
    expect(new URL(page.url()).pathname).toBe('/app/audit')
    await context.close()
  })
})

const WORLD = `simulation: { name: Long market, max_turns: 100000, checkpoint_interval: 5 }
engine: { type: simple_economic }
validator: { type: basic }
event_stream: { verbosity: STATE }
agents:
  - { name: ada, type: scripted, config: { actions: [{ action_name: trade, parameters: { amount: 40, partner: bo } }] } }
  - { name: bo, type: scripted, config: { actions: [{ action_name: hold }] } }
`

describe('why?, on a real server', { timeout: 180_000 }, () => {
  it('leads from a step and from a file of a task to what made it and what it led to', async () => {
    const id = await submit(real, 'Calculate factorial of 10')
    const task = await until(async () => {
      const { body } = await real.call('GET', `/tasks/${id}`)
      return body.task.status === 'completed' && body.task
    })
    const { context, page, errors } = await openPage(browser, DEVICES[0])
    await page.goto(`${real.url}/app/tasks/${id}?view=steps&step=${task.subtasks[0].id}`)
    const step = await whyOfRow(page, page.getByRole('link', { name: /^Why\? Calculate factorial/ }))
    expect(step.types).toEqual([
      'task.created',
      'assignment.started',
      'assignment.completed',
      'plan.settled',
      'task.completed',
      'run.completed',
    ])
    await page.getByRole('link', { name: 'Open the assignment' }).click()
    await page.getByText('Subtask id').waitFor()
    expect(errors).toEqual([])
    await context.close()
  })

  it('leads from an artifact’s version to the artifacts it rests on', async () => {
    const { body: brief } = await real.call('POST', '/api/event-briefs', {
      title: 'Developer meetup',
      date_range_start: '2027-05-12T18:00:00Z',
      date_range_end: '2027-05-12T21:00:00Z',
      audience_size: 20,
      event_type: 'meetup',
      objectives: 'Short talks about agents and time to talk',
      constraints: 'Budget $500; in Berlin',
    })
    const at = `/api/event-briefs/${brief.id}`
    const criteria = await real.call('POST', `${at}/venue-criteria`, CRITERIA)
    expect(criteria.status, JSON.stringify(criteria.body)).toBe(201)
    const shortlisted = await real.call('POST', `${at}/venue-shortlist`, venue('Old Mill'))
    expect(shortlisted.status, JSON.stringify(shortlisted.body)).toBe(201)
    const { body } = await real.call('GET', `/v1/why?kind=artifact&id=${shortlisted.body.id}@1`)
    const typeOf = new Map(body.events.map((event: any) => [event.id, event.data.artifact_id]))
    expect(body.causes.map((cause: any) => typeOf.get(cause.id))).toContain(criteria.body.id)
    expect(body.edges.find((edge: any) => typeOf.get(edge.from) === criteria.body.id)?.implied).toBe(false)
  })

  it('leads from an event of a world through its turns to who started the run', async () => {
    const { body: run } = await real.call('POST', '/v1/simulations', { config: WORLD.replace('100000', '6') })
    await until(async () => (await real.call('GET', `/v1/simulations/${run.run_id}`)).body.status === 'completed')
    const { body } = await real.call('GET', `/simulations/${run.run_id}/events?event_types=STATE&limit=1`)
    const { context, page, errors } = await openPage(browser, DEVICES[0])
    await page.goto(`${real.url}/app/simulation/${run.run_id}?turn=1&level=DETAIL&event=${body.events[0].event_id}`)
    const story = await whyOfRow(page, page.getByRole('link', { name: 'The whole story' }))
    expect(story.types.slice(0, 3)).toEqual(['run.started', 'simulation.queued', 'simulation.milestone'])
    expect(story.types).toContain('simulation.action')
    await page.getByRole('region', { name: 'The story' }).getByText('simulation.action').first().click()
    await page.getByRole('link', { name: 'Open it in its turn' }).click()
    await page.getByText('State after turn 1').waitFor()
    // Its run is forked where it is branched: after a turn that has a checkpoint, with other variables.
    const [platformRun] = (await real.call('GET', '/v1/runs?domain=simulation')).body.runs
    expect((await real.call('GET', `/v1/runs/${platformRun.id}`)).body.screen).toBe(`/simulation/${run.run_id}`)
    await page.goto(`${real.url}/app/runs/${platformRun.id}`)
    await page.getByRole('button', { name: 'Fork', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Fork this run' })
    await dialog.getByLabel('Begin again before').selectOption('5')
    const world = dialog.getByLabel('What it begins with')
    await until(async () => (await world.inputValue()).includes('wealth'))
    const input = JSON.parse(await world.inputValue())
    input.agents.ada.wealth += 777
    await world.fill(JSON.stringify(input))
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Fork run' }).click()
    await page.waitForURL((url) => !url.pathname.endsWith(platformRun.id) && url.pathname.includes('/runs/run_'))
    const forked = (await real.call('GET', `/v1/runs/${page.url().split('/').at(-1)}`)).body
    expect(forked.forked_from).toBe(platformRun.id)
    const branch = (await real.call('GET', `/v1/simulations/${forked.key}`)).body
    expect(branch.resumed_from).toEqual({ run_id: run.run_id, turn: 5 })
    expect((await real.call('POST', `/v1/runs/${platformRun.id}/fork`, { stage_no: 4 })).status).toBe(404)
    expect(errors).toEqual([])
    await context.close()
  })
})

const ended = (id: string) =>
  until(async () => {
    const { body } = await real.call('GET', `/v1/runs/${id}`)
    return ['completed', 'failed'].includes(body.status) && body
  })
const runOf = async (domain: string, key: string) =>
  until(async () => (await real.call('GET', `/v1/runs?domain=${domain}`)).body.runs.find((run: any) => run.key === key))
const bordersOf = async (id: string) => (await real.call('GET', `/v1/runs/${id}/borders`)).body.borders
const fork = async (id: string, body: object) => {
  const made = await real.call('POST', `/v1/runs/${id}/fork`, body)
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  expect(made.body.forked_from).toBe(id)
  return made.body
}

describe('a fork at a border of the work, on a real server', { timeout: 180_000 }, () => {
  it('of a task takes over the steps before it; the run is listed, compared, cancelled and tried again like any', async () => {
    const id = await submit(real, 'Calculate factorial of 10, then calculate the 20th fibonacci number')
    const run = await ended((await runOf('tasks', id)).id)
    expect(run).toMatchObject({ status: 'completed', result: { task_id: id }, screen: `/tasks/${id}`, pausable: false })
    const { steps } = (await real.call('GET', `/v1/runs/${run.id}/steps`)).body
    expect(steps.map((step: any) => [step.stage_no, step.title, step.status])).toEqual([
      [1, 'Calculate factorial of 10', 'completed'],
      [2, 'calculate the 20th fibonacci number', 'completed'],
    ])
    const forked = await fork(run.id, { stage_no: 2, state: { description: 'Calculate factorial of 12' } })
    await ended(forked.id)
    const { task, subtask_results: results } = (await real.call('GET', `/tasks/${forked.key}`)).body
    expect(task.subtasks.map((one: any) => [one.description, one.status])).toEqual([
      ['Calculate factorial of 10', 'completed'],
      ['Calculate factorial of 12', 'completed'],
    ])
    const output = (one: any) => JSON.stringify(one.output.data)
    const old = (await real.call('GET', `/tasks/${id}`)).body
    expect(output(results[0])).toBe(output(old.subtask_results[0]))
    expect(output(results[1])).toContain('479001600')
    expect(old.task.subtasks[1].description).toBe('calculate the 20th fibonacci number')
    const compared = (await real.call('GET', `/v1/runs/compare?left=${run.id}&right=${forked.id}`)).body
    expect([compared.shared_stages, compared.first_divergence]).toEqual([1, 0])
    // Nobody can do this one: it waits, says so, is cancelled from the list, and its task with it.
    const failing = await submit(real, 'Run SQL: DELETE FROM tasks')
    const failed = await ended((await runOf('tasks', failing)).id)
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'SUBTASK_FAILED' } })
    const again = await real.call('POST', `/v1/runs/${failed.id}/retry`, {})
    expect([again.status, again.body.id]).toEqual([200, failed.id])
    expect((await ended(failed.id)).stage_no).toBeGreaterThan(1)
    expect((await real.call('POST', `/v1/runs/${run.id}/pause`)).status).toBe(409)
    expect((await real.call('POST', '/v1/agents/tasks/agent_1/drain')).status).toBe(200)
    expect((await real.call('POST', '/v1/agents/tasks/agent_5/drain')).status).toBe(200)
    const waits = await submit(real, 'Calculate factorial of 11')
    const waiting = await runOf('tasks', waits)
    expect(waiting.waiting_on).toMatch(/^1 of 1 step that no agent has taken – since 20/)
    const bulk = await real.call('POST', '/v1/runs/bulk', {
      verb: 'cancel',
      filter: { domain: 'tasks', status: ['waiting'] },
    })
    expect(bulk.body.done).toBe(1)
    expect((await real.call('GET', `/tasks/${waits}`)).body.task.status).toBe('cancelled')
    expect((await real.call('POST', '/v1/agents/tasks/agent_1/resume')).status).toBe(200)
    expect((await real.call('POST', '/v1/agents/tasks/agent_5/resume')).status).toBe(200)
  })

  it('of a planning session is a new event with what was made before it, worked out again where the brief was edited', async () => {
    const brief = (
      await real.call('POST', '/api/event-briefs', {
        title: 'Dev meetup',
        date_range_start: '2027-05-12T18:00:00Z',
        date_range_end: '2027-05-12T21:00:00Z',
        audience_size: 20,
        event_type: 'meetup',
        objectives: 'Short talks and networking',
        constraints: 'Budget $900, Berlin',
      })
    ).body
    const { body: started } = await real.call('POST', '/api/agents/orchestrate', {
      event_brief_id: brief.id,
      instruction_level: 'Beginner',
      target_phase: 'Logistics',
      interaction_mode: 'autonomous',
    })
    const { run_id: runId } = (await real.call('GET', `/api/agents/sessions/${started.session_id}`)).body
    expect((await ended(runId)).status).toBe('completed')
    const borders = await bordersOf(runId)
    const costs = borders.find((border: any) => border.label === 'Budget Analyst Agent: costs')
    expect(costs.input).toMatchObject({ title: 'Dev meetup', audience_size: 20, target_phase: 'Logistics' })
    const forked = await fork(runId, { stage_no: costs.no, state: { title: 'Larger meetup', audience_size: 30 } })
    const over = await ended(forked.id)
    expect(over.status, JSON.stringify(over.error)).toBe('completed')
    const made = forked.screen.split('/').at(-1)
    const at = (id: string, what = '') => real.call('GET', `/api/event-briefs/${id}${what}`)
    expect((await at(made)).body).toMatchObject({
      title: 'Larger meetup',
      audience_size: 30,
      lifecycle_state: 'Logistics',
    })
    const [before, after] = [(await at(brief.id, '/venue-shortlist')).body, (await at(made, '/venue-shortlist')).body]
    expect(after.map((one: any) => one.id.replace(made, ''))).toEqual(
      before.map((one: any) => one.id.replace(brief.id, '')),
    )
    const moves = (await real.call('GET', `/v1/runs/${forked.id}/steps`)).body.steps
    const turns = moves.flatMap((step: any) => (step.step === 'choose' ? [step.output.step?.task ?? []] : [])).flat()
    expect(turns).toContain('costs')
    expect(turns).not.toContain('scope')
    expect((await at(brief.id)).body).toMatchObject({ title: 'Dev meetup', audience_size: 20 })
    // A person decides the approvals of each event: those open at the border are asked again.
    const late = borders.find((border: any) => border.label === 'write the plan')
    const again = await fork(runId, { stage_no: late.no, state: { title: 'The same again' } })
    await ended(again.id)
    const types = async (id: string) =>
      (await real.call('GET', `/api/approvals?event_brief_id=${id}&status=pending`)).body.data.map(
        (one: any) => one.approval_type,
      )
    expect((await types(again.screen.split('/').at(-1))).sort()).toEqual((await types(brief.id)).sort())
    const refused = await real.call('POST', `/v1/runs/${runId}/fork`, {
      stage_no: costs.no,
      state: { audience_size: 0 },
    })
    expect(refused.status).toBe(400)
  })

  it('of a film keeps its finished states with their artifacts and makes the rest anew', async () => {
    await real.call('POST', '/api/v1/projects', { project_id: 'forked', title: 'The letter' })
    const { body: film } = await real.call('POST', '/api/v1/workflows', {
      project_id: 'forked',
      workflow_type: 'movie_creation',
      title: 'The letter',
      description: 'A keeper finds a letter.',
      target_duration: 12,
      custom_parameters: { decision_mode: 'auto', profile: 'short' },
    })
    const run = await runOf('movies', film.workflow_id)
    const border = await until(async () => (await bordersOf(run.id)).find((one: any) => one.label === 'scene planning'))
    const forked = await fork(run.id, { stage_no: border.no, state: { title: 'The second letter' } })
    const story = async (id: string) =>
      (await real.call('GET', `/api/v1/workflows/${id}/artifacts/story_arc`)).body.content
    expect(await story(forked.key)).toEqual(await story(film.workflow_id))
    const copy = (await real.call('GET', `/api/v1/workflows/${forked.key}`)).body
    expect(copy).toMatchObject({ title: 'The second letter', target_duration: 12 })
    expect(copy.project_id).not.toBe('forked')
    // It goes on behind the border, and nothing before it is made a second time.
    await until(async () => (await bordersOf(forked.id)).some((one: any) => one.no > border.no))
    const early = async (id: string) =>
      (await real.call('GET', `/v1/runs/${id}/steps`)).body.steps
        .filter((step: any) => step.stage_no < border.no)
        .map((step: any) => [step.step, step.agent_id, step.finished_at])
    expect(await early(forked.id)).toEqual(await early(run.id))
    const ends = await real.call('POST', '/v1/runs/bulk', { verb: 'cancel', ids: [run.id, forked.id] })
    expect(ends.status).toBe(200)
  })
})

describe('a world while it runs', { timeout: 180_000 }, () => {
  it('is watched live, its people are changed, and it is branched, wide and narrow', async () => {
    const { body: run } = await real.call('POST', '/v1/simulations', { config: WORLD })
    const { context, page, errors } = await openPage(browser, DEVICES[0])
    page.setDefaultTimeout(60_000)
    await page.goto(`${real.url}/app/simulation/${run.run_id}?level=MILESTONE`)
    const turns = page.getByText(/^[\d,]+ turns of 100,000/)
    await turns.waitFor()
    const first = await turns.innerText()
    await until(async () => (await turns.innerText()) !== first)
    await page.getByRole('button', { name: 'Agents', exact: true }).click()
    const people = page.getByRole('dialog', { name: 'Agents of this run' })
    await people.getByLabel('New agent').fill('cy')
    await people.getByRole('button', { name: 'Add agent' }).click()
    await people.getByRole('listitem').filter({ hasText: 'cy' }).waitFor()
    await people.getByRole('listitem').filter({ hasText: 'bo' }).getByRole('button', { name: 'Pause' }).click()
    await people.getByRole('button', { name: 'Resume' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByRole('button', { name: 'Continue' }).waitFor()
    await page.setViewportSize(DEVICES[1].viewport)
    await page.getByRole('button', { name: 'Branch' }).click()
    const dialog = page.getByRole('dialog', { name: 'Branch from a checkpoint' })
    await dialog.getByLabel('From turn').selectOption('5')
    await dialog.getByLabel('Until turn').fill('12')
    await dialog.getByLabel('New seed').fill('7')
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Start branch' }).click()
    await page.getByRole('link', { name: 'from turn 5 of another run' }).waitFor()
    await page.getByText(/^12 turns of 12/).waitFor()
    expect(await sideways(page)).toBe(false)
    await real.call('POST', `/v1/simulations/${run.run_id}/stop`)
    expect(errors).toEqual([])
    await context.close()
  })
})

describe('one agent alone, on a real server', { timeout: 120_000 }, () => {
  it.each(DEVICES)(
    'is chosen, given a job and a file, and shows what it made with which tools, on a $device',
    async (look) => {
      const { context, page, errors } = await openPage(browser, look)
      await page.goto(`${real.url}/app/agents`)
      await page.getByRole('link', { name: 'Try one alone' }).press('Enter')
      await page.getByLabel('Agent', { exact: true }).selectOption('data_analysis')
      await page.getByLabel('The job').fill('Analyze sales.csv: total revenue by region')
      await page.getByLabel('Text files for it').setInputFiles({
        name: 'sales.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('region,revenue\nNorth,10\nSouth,32\nNorth,5\n'),
      })
      await page.getByRole('button', { name: 'Let it work' }).click()
      const made = page.getByRole('status', { name: 'What it made' })
      await made.getByText('its craft, without a model').waitFor()
      await made.getByText('South').first().waitFor()
      expect(await axeFindings(page)).toEqual([])
      await made.getByRole('tab', { name: /^Tools/ }).click()
      await made.getByText('read_file').first().waitFor()
      expect(await sideways(page)).toBe(false)
      expect((await real.call('GET', '/v1/runs?q=Analyze')).body.runs ?? []).toEqual([])
      expect(errors).toEqual([])
      await context.close()
    },
  )
})

describe('the tour, on a real server', { timeout: 180_000 }, () => {
  it('kills the agent in the middle of the demonstration, and shows that another one carries on', async () => {
    const { context, page, errors } = await openPage(browser, DEVICES[0])
    page.setDefaultTimeout(60_000)
    await page.goto(`${real.url}/app/?tour=1`)
    const demo = page.getByRole('article', { name: 'A task: analyse a table of sales' })
    await demo.getByRole('button', { name: 'Start and kill its agent' }).click()
    await demo.getByText(/was ended without warning while it worked/).waitFor()
    await demo.getByText('Completed').waitFor()
    await demo.getByText(/1 of 1 steps done, by agent_/).waitFor()
    await demo.getByRole('link', { name: 'Open' }).click()
    await page.waitForURL('**/tasks/task_*')
    const id = new URL(page.url()).pathname.split('/').at(-1)!
    const { task, subtask_results: results } = (await real.call('GET', `/tasks/${id}`)).body
    expect([task.status, results.length]).toEqual(['completed', 1])
    const { events } = (await real.call('GET', `/v1/events?stream=${id}`)).body
    const types = events.map((event: any) => event.type).reverse()
    expect(types.filter((type: string) => type === 'assignment.started')).toHaveLength(2)
    expect(types.slice(types.indexOf('agent.killed'))).toContain('assignment.completed')
    await until(() => agents.ids.length === 2)
    expect(errors).toEqual([])
    await context.close()
  })
})
