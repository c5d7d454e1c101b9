import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { launchBrowser } from '../_browser.ts'
import { type FixtureServer, startFixtureServer } from './_fixture-server.ts'
import { SIM_A, SIM_B } from './_fixtures/simulation.ts'
import { DONE, FAILED, RUNNING } from './_fixtures/tasks.ts'
import { fixtureRoutes } from './_fixtures.ts'
import { axeFindings, DEVICES, openPage, settled } from './_looks.ts'

let server: FixtureServer
let browser: Browser
beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  server = await startFixtureServer(fixtureRoutes())
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await server.close()
})

/** Every screen with the text that shows it has its data. */
const SCREENS: [path: string, ready: string][] = [
  ['/', 'Approve the budget'],
  ['/inbox?id=dec_budget', 'If nobody answers'],
  ['/inbox?tab=answers&id=dec_old', 'Legible on small screens'],
  ['/tasks', 'Recent tasks'],
  [`/tasks/${DONE}`, 'Analysed 5 rows'],
  [`/tasks/${RUNNING}?view=graph`, 'create summary report'],
  [`/tasks/${RUNNING}?view=timeline`, 'agent_5'],
  [`/tasks/${FAILED}?view=steps`, 'Two ways on.'],
  ['/tasks/agents', 'Average CPU'],
  ['/tasks/logs', 'Subtask assigned'],
  ['/tasks/results', 'folders, newest first'],
  ['/runs', 'Three traders'],
  ['/runs/run_plan', 'find venues'],
  ['/runs/run_plan?view=timeline', 'Drag over the drawing'],
  ['/runs/run_plan?view=steps&step=2%3Adraft+plan', 'Fork from here'],
  ['/agents', 'storyboard_1'],
  ['/events?id=01JABCDEFGHJKMNPQRSTV00008', 'effects'],
  ['/settings', 'Configure one'],
  ['/settings?tab=access', 'CI pipeline'],
  ['/simulation', 'Traders'],
  ['/simulation?new=1', 'Check it'],
  [`/simulation/${SIM_A}?turn=15&level=STATE`, 'State after turn 15'],
  [`/simulation/${SIM_A}?tab=audit`, 'Simulation started'],
  [`/simulation/${SIM_A}?tab=integrity`, 'The record is whole'],
  [`/simulation/compare?a=${SIM_A}&b=${SIM_B}`, 'turn 13'],
  ['/kit?tab=time', 'Gantt'],
  ['/kit?tab=data', 'Matrix'],
  ['/planning', ''],
  ['/movies', ''],
]

const LOOKS = [
  ['light, 1280×800', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['dark, 390×844', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
] as const

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(`${server.url}/app${path}`)
  return page
}

async function withPage(path: string, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  try {
    await act(await open(context, path))
  } finally {
    await context.close()
  }
}

describe('every screen', () => {
  // One page for both looks: it is turned into a phone in the dark once it was looked at on the desk.
  it('is accessible, fits its width and throws nothing, on a desk in the light and on a phone in the dark', {
    timeout: 240_000,
  }, async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    const faults: string[] = []
    let at = ''
    page.on('pageerror', (error) => faults.push(`${at}: ${error.message}`))
    for (const [path, ready] of SCREENS) {
      at = path
      await page.goto(`${server.url}/app${path}`)
      if (ready) await page.getByText(ready).first().waitFor({ state: 'attached' })
      await settled(page)
      for (const [name, { viewport, colorScheme }] of LOOKS) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.setViewportSize(viewport)
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
        for (const found of await axeFindings(page, ['iframe'])) faults.push(`${path} (${name}): ${found}`)
        const tooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
        if (tooWide) faults.push(`${path} (${name}): wider than the window`)
      }
    }
    expect(faults).toEqual([])
    // The scan finds what it is for.
    await page.setContent('<title>x</title><main><img src="data:,"><button></button></main>')
    const found = (await axeFindings(page)).map((one) => one.split(':')[0])
    expect(found).toEqual(expect.arrayContaining(['image-alt', 'button-name', 'html-has-lang']))
    await context.close()
  })
})

describe('by keyboard', () => {
  it('goes to the inbox, approves after asking once, and the next question comes', () =>
    withPage('/', async (page) => {
      await page.getByText('Waiting for you').first().waitFor()
      await page.keyboard.press('g')
      await page.keyboard.press('i')
      await page.getByRole('heading', { name: /Approve the budget/ }).waitFor()
      await page.keyboard.press('a')
      const dialog = page.getByRole('dialog', { name: 'Approve?' })
      await dialog.getByRole('button', { name: 'Approve', exact: true }).press('Enter')
      await page.getByRole('heading', { name: 'Which venue shall we book?' }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/app/inbox')
    }))

  it('says who was quicker when a question is already answered', () =>
    withPage('/inbox?id=dec_venue', async (page) => {
      await page.route('**/answer', (route) =>
        route.fulfill({ status: 409, json: { code: 'ALREADY_ANSWERED', message: 'Maria answered this question' } }),
      )
      await page.getByRole('button', { name: 'Send answer' }).click()
      await page.getByText('Maria answered this question').waitFor()
      await page.getByText('Somebody was quicker').waitFor()
    }))

  it('finds a screen with the command palette and lists all keys', () =>
    withPage('/', async (page) => {
      await page.getByText('Try it').waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
      await page.keyboard.type('events')
      await page.keyboard.press('Enter')
      await page.getByRole('grid', { name: 'Events' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).getByText('Go to Inbox').waitFor()
    }))

  it('moves through 100,000 rows and opens one', () =>
    withPage('/kit?tab=table', async (page) => {
      const grid = page.getByRole('grid', { name: 'Sample table' })
      await grid.focus()
      await page.keyboard.press('End')
      await page.getByText('Step 100000 of a long run').waitFor()
      expect(await grid.getByRole('row').count()).toBeLessThan(80)
      await page.keyboard.press('Home')
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await page.getByRole('complementary', { name: 'Row' }).getByText('Step 2 of a long run').waitFor()
    }))
})

describe('while the server is away', () => {
  it('says so, comes back by itself and reads again what may be old', () =>
    withPage('/', async (page) => {
      await page.getByRole('status').getByText('live', { exact: true }).waitFor()
      server.dropLive()
      await page.getByRole('status').getByText('offline', { exact: true }).waitFor()
      const again = page.waitForRequest('**/v1/home')
      await page.getByRole('status').getByText('live', { exact: true }).waitFor()
      await again
    }))

  it('reads again what an event made old', () =>
    withPage('/runs', async (page) => {
      await page.getByRole('status').getByText('live', { exact: true }).waitFor()
      const again = page.waitForRequest('**/v1/runs?**')
      server.sendLive([{ id: 'e1', type: 'run.paused', domain: 'planning' }])
      await again
    }))

  it('names the cause and offers another try when a read fails', () =>
    withPage('/', async (page) => {
      await page.route('**/v1/agents?**', (route) =>
        route.fulfill({ status: 503, json: { code: 'STORE_UNAVAILABLE', message: 'The database does not answer' } }),
      )
      await page.goto(`${server.url}/app/agents`)
      await page.getByRole('alert').getByText('The database does not answer').waitFor()
      await page.unroute('**/v1/agents?**')
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByText('storyboard_1').waitFor()
    }))
})

describe('tasks', () => {
  it('shows what agents wrote in a frame that can run nothing', () =>
    withPage(`/tasks/${DONE}`, async (page) => {
      const frame = page.locator('iframe[title="Result page"]')
      await frame.waitFor()
      expect(await frame.getAttribute('sandbox')).toBe('')
      await page.frameLocator('iframe[title="Result page"]').getByText('Sales by region').waitFor()
    }))

  it('refuses a short description and a wrong file before anything is sent', () =>
    withPage('/tasks', async (page) => {
      const sent: string[] = []
      page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
      await page.getByLabel('Task description').fill('too short')
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'app.py', mimeType: 'text/plain', buffer: Buffer.from('x') })
      await page.getByRole('button', { name: 'Submit', exact: true }).click()
      await page.getByText('Write at least 10 characters (1 more).').waitFor()
      await page.getByText('.py files are not taken').waitFor()
      expect(sent).toEqual([])
    }))

  it('retries a failed step with corrected input', () =>
    withPage(`/tasks/${FAILED}?view=steps`, async (page) => {
      await page.getByRole('button', { name: 'Edit and retry' }).click()
      await page.getByLabel('Input data as a JSON object').fill('{"timeout_seconds": 60}')
      const request = page.waitForRequest('**/retry')
      await page.getByRole('button', { name: 'Retry step' }).click()
      expect((await request).postDataJSON()).toMatchObject({
        input_data: { timeout_seconds: 60 },
        required_capabilities: ['code_generation'],
      })
    }))
})

describe('a simulation', () => {
  it('keeps turn, level and event in the address, and Back works', () =>
    withPage(`/simulation/${SIM_A}?turn=15&level=STATE`, async (page) => {
      await page.getByRole('button', { name: 'Step forward' }).click()
      await page.getByText('State after turn 16').waitFor()
      await page
        .getByRole('complementary', { name: 'Turn 16' })
        .getByRole('button', { name: /ada decided/ })
        .click()
      await page.getByRole('region', { name: 'Event: content' }).getByText('ada decided: trade').first().waitFor()
      expect(new URL(page.url()).searchParams.get('turn')).toBe('16')
      expect(new URL(page.url()).searchParams.has('event')).toBe(true)
      await page.goBack()
      await page.getByRole('region', { name: 'Event: content' }).waitFor({ state: 'detached' })
    }))

  it('shows problems of a configuration at their lines', () =>
    withPage('/simulation?new=1', async (page) => {
      const text = page.getByLabel('Configuration as YAML')
      await text.fill('simulation:\n  name: Bad\n  max_turns: 0\n')
      await page.getByRole('button', { name: 'Check it' }).click()
      await page.getByRole('alert').getByText('line 3').waitFor()
    }))
})
