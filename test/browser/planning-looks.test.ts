// The pictures of contract 9.6 (T120 to T122): fixed data, fixed clock, nothing moving, light, on both screens; at most 2 % of the pixels may differ.
// `LOOKS=1 npx vitest run test/browser/planning-looks.test.ts` compares, `LOOKS=update` keeps new pictures; `npm run test:long` compares them too.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { launchBrowser } from '../_browser.ts'
import { differenceFrom } from './_compare.ts'
import { type FixtureServer, startFixtureServer } from './_fixture-server.ts'
import { SUMMIT } from './_fixtures/planning.ts'
import { fixtureRoutes, fixtureSockets } from './_fixtures.ts'
import { axeFindings, DEVICES, sideways } from './_looks.ts'

const NOW = vi.hoisted(() => {
  const now = new Date('2026-04-02T10:00:00Z')
  vi.useFakeTimers({ toFake: ['Date'], now }) // before the fixtures reckon their days from today
  return now
})
const LIMIT = 0.02

describe.runIf(process.env.LOOKS)('the pictures of planning', { timeout: 120_000 }, () => {
  let server: FixtureServer
  let browser: Browser
  beforeAll(async () => {
    vi.useRealTimers() // the fixtures are made; servers and browsers need the true time
    await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
    server = await startFixtureServer(fixtureRoutes(), fixtureSockets)
    browser = await launchBrowser()
  }, 180_000)
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  async function on(
    viewport: (typeof DEVICES)[number]['viewport'],
    address: string,
    work: (page: Page) => Promise<void>,
  ) {
    const context = await browser.newContext({
      viewport,
      colorScheme: 'light',
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
      locale: 'en-GB',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    await page.clock.setFixedTime(NOW)
    await page.goto(server.url + address)
    await work(page)
    await context.close()
  }
  /** The picture, and what no picture shows: axe, and that nothing scrolls sideways. */
  async function holds(page: Page, name: string, fullPage = false) {
    await page.waitForLoadState('networkidle')
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    expect(await differenceFrom(page, name, fullPage)).toBeLessThanOrEqual(LIMIT)
    expect(await axeFindings(page)).toEqual([])
    expect(await sideways(page)).toBe(false)
  }

  it.each(DEVICES)('event dashboard on a $device', async ({ device, viewport }) => {
    await on(viewport, '/app/planning', async (page) => {
      await page.getByTestId('event-list').getByTestId(`event-card-${SUMMIT}`).waitFor()
      await holds(page, `event-dashboard-${device}`, true)
    })
  })

  it.each(DEVICES)('agent chat on a $device', async ({ device, viewport }) => {
    await on(viewport, `/app/planning/${SUMMIT}?tab=${device === 'phone' ? 'team' : 'overview'}`, async (page) => {
      await page.getByTestId('agent-chat').getByText('Spree Forum leads').waitFor()
      await page.getByTestId('agent-status-budget-analyst').waitFor()
      await holds(page, `agent-chat-${device}`)
    })
  })

  it.each(DEVICES)('approval workflow on a $device', async ({ device, viewport }) => {
    await on(viewport, '/app/planning/approvals', async (page) => {
      const rows = page.getByRole('list', { name: 'Pending approvals' }).getByRole('listitem')
      await rows.first().getByRole('button', { name: 'Approve' }).click()
      await page.getByText('Approve this?').waitFor()
      await holds(page, `approval-workflow-${device}`)
    })
  })

  it('a changed page is found: another theme differs by far more than the limit', async () => {
    const context = await browser.newContext({ viewport: DEVICES[0].viewport, colorScheme: 'dark' })
    const page = await context.newPage()
    await page.goto(`${server.url}/app/planning/approvals`)
    await page.getByRole('list', { name: 'Pending approvals' }).waitFor()
    if (process.env.LOOKS !== 'update')
      expect(await differenceFrom(page, 'approval-workflow-desk', false)).toBeGreaterThan(LIMIT)
    await context.close()
  })
})
