import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { planningModule } from '../../src/planning/index.ts'
import { launchBrowser } from '../_browser.ts'
import { type TestServer, testServer } from '../_server.ts'
import { axeFindings, DEVICES, openPage, shoot, sideways, whyOfRow } from './_looks.ts'

// T123: the team plans S-01 in the browser on a real server, from the form to Execute.
let server: TestServer
let browser: Browser
beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  server = await testServer({ modules: [planningModule(loadConfig({}))] })
  browser = await launchBrowser()
}, 180_000)
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const atEnd = (page: Page) =>
  page
    .getByRole('log', { name: 'Messages' })
    .evaluate((log: any) => log.scrollHeight - log.scrollTop - log.clientHeight < 40)

it('creates the meetup in the form, watches the team, approves, and moves it to Execute', {
  timeout: 240_000,
}, async () => {
  const { context, page, errors } = await openPage(browser, DEVICES[0])
  page.setDefaultTimeout(60_000)
  await page.goto(`${server.url}/app/planning?new=1`)
  const form = page.getByTestId('event-form')
  const values = {
    title: 'Developer Meetup Q4 2027',
    date_range_start: '2027-11-15T18:00',
    date_range_end: '2027-11-15T21:00',
    audience_size: '20',
    objectives: 'Bring developers of the region together for short AI talks and conversation',
    constraints: 'Budget $500; place downtown; step-free access',
  }
  for (const [name, value] of Object.entries(values)) await form.locator(`[name="${name}"]`).fill(value)
  await form.getByRole('button', { name: 'Create event' }).click()
  await page.waitForURL('**/planning/evt-*')
  const id = new URL(page.url()).pathname.split('/').at(-1)!
  const start = page.getByRole('form', { name: 'Start the team' })
  await start.getByText('20 people: Beginner is suggested').waitFor()
  await start.getByRole('button', { name: 'Start the team' }).click()
  const chat = page.getByTestId('agent-chat')
  await chat.getByText('Requirements written').first().waitFor()
  await shoot(page, 'team-at-work')
  await page.setViewportSize(DEVICES[1].viewport)
  await page.getByRole('tab', { name: 'Team' }).click()
  await shoot(page, 'team-at-work-phone')
  await chat.getByText('The run is complete').waitFor()
  for (const words of [
    'The cost model comes to 500 of 500 USD',
    'VenueLeads written, 6 entries',
    'venue_search',
    'Logistics → Confirm',
  ])
    await chat.getByText(words).first().waitFor()
  await page.getByText('made without a model').first().waitFor()
  expect(await atEnd(page)).toBe(true) // it followed all the way, through a change of the screen's size too
  await shoot(page, 'team-complete-phone')
  expect(await axeFindings(page)).toEqual([])
  expect(await sideways(page)).toBe(false)
  await page.setViewportSize(DEVICES[0].viewport)
  await shoot(page, 'team-complete')
  expect(await axeFindings(page)).toEqual([])
  expect(await sideways(page)).toBe(false)
  await page.goto(`${server.url}/app/planning/${id}?tab=result`)
  await page.getByText('Executive summary').first().waitFor()
  await shoot(page, 'team-plan')
  await page.goto(`${server.url}/app/planning/approvals`)
  const rows = page.getByRole('list', { name: 'Pending approvals' }).getByRole('listitem')
  await rows.first().getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('button', { name: 'Yes, approve' }).click()
  await rows.first().waitFor({ state: 'detached' })
  await page.goto(`${server.url}/app/planning/${id}?tab=overview`)
  await page.getByRole('button', { name: 'Move to Execute' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Move to Execute' }).click()
  await page.getByText('The event is now in Execute').waitFor()
  expect((await server.call('GET', `/api/event-briefs/${id}`)).body.lifecycle_state).toBe('Execute')
  const artifacts = page.getByTestId('artifact-viewer')
  const budget = await whyOfRow(page, artifacts.getByRole('link', { name: 'Why? BudgetBaseline version 1' }))
  expect(budget.types).toEqual(
    expect.arrayContaining(['run.started', 'artifact.created', 'decision.answered', 'approval.decided']),
  )
  expect([budget.causes > 0, budget.consequences > 3]).toEqual([true, true])
  await page.goto(`${server.url}/app/planning/${id}?tab=log`)
  const entry = await whyOfRow(page, page.getByRole('link', { name: 'Causes of: Gate confirmation' }))
  expect(entry.types).toContain('lifecycle.transition')
  expect(entry.causes).toBeGreaterThan(0)
  expect(errors).toEqual([])
  await context.close()
})
