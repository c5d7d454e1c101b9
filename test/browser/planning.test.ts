import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { launchBrowser } from '../_browser.ts'
import { type FixtureServer, startFixtureServer } from './_fixture-server.ts'
import { MEETUP, SUMMIT } from './_fixtures/planning.ts'
import { fixtureRoutes, fixtureSockets } from './_fixtures.ts'
import { axeFindings, DEVICES, describeScreens, LOOKED_AT, openPage, shoot } from './_looks.ts'

let server: FixtureServer
let browser: Browser
beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  server = await startFixtureServer(fixtureRoutes(), fixtureSockets)
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await server.close()
})

const PAGES: [name: string, address: string, shows: string][] = [
  ['dashboard', '/app/planning', 'AI Summit 2025'],
  ['new-event', '/app/planning?new=1', 'New event'],
  ['approvals', '/app/planning/approvals', 'Approve the budget'],
  ['overview', `/app/planning/${SUMMIT}?tab=overview`, 'Hall for 200 people'],
  ['plan', `/app/planning/${SUMMIT}?tab=plan`, 'Rehearsal'],
  ['venues', `/app/planning/${SUMMIT}?tab=venues`, 'Spree Forum'],
  ['budget', `/app/planning/${SUMMIT}?tab=budget`, 'Contingency'],
  ['logistics', `/app/planning/${SUMMIT}?tab=logistics`, 'Partner round'],
  ['risks', `/app/planning/${SUMMIT}?tab=risks`, 'Wifi is overloaded'],
  ['day', `/app/planning/${MEETUP}?tab=day`, 'Projector in the hall is dead'],
  ['result', `/app/planning/${MEETUP}?tab=result`, 'Executive summary'],
  ['log', `/app/planning/${SUMMIT}?tab=log`, 'Spree Forum selected'],
  ['missing', '/app/planning/evt-20250101-none', 'There is no such event'],
]

describeScreens('planning', 'planning', PAGES, () => ({ browser, url: server.url }))

describe.each(LOOKED_AT)('planning, used on a $device', (look) => {
  it('event dashboard: cards of the seeded events, filters in the address', async () => {
    const { context, page } = await openPage(browser, look)
    await page.goto(`${server.url}/app/planning`)
    const list = page.getByTestId('event-list')
    await list.getByTestId(`event-card-${SUMMIT}`).waitFor()
    await page.getByLabel('Kind').selectOption('meetup')
    await list.getByTestId(`event-card-${SUMMIT}`).waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('type')).toBe('meetup')
    await page.goBack()
    await list.getByTestId(`event-card-${SUMMIT}`).waitFor()
    await context.close()
  })

  it('agent chat: states of the agents, messages in order, one question with its options as buttons', async () => {
    const { context, page } = await openPage(browser, look)
    await page.goto(`${server.url}/app/planning/${SUMMIT}?tab=${look.device === 'phone' ? 'team' : 'overview'}`)
    const chat = page.getByTestId('agent-chat')
    await chat.getByText('Spree Forum leads').waitFor()
    expect(await page.getByTestId('agent-status-budget-analyst').getAttribute('data-state')).toBe('waiting_input')
    const said = await chat.getByTestId('agent-message').locator('header').allInnerTexts()
    expect(said.map((text) => /You|Event Planner|Venue Researcher/.exec(text)?.[0])).toEqual([
      'You',
      'Event Planner',
      'Venue Researcher',
    ])
    const answered = page.waitForRequest((request) => request.url().endsWith('/questions/q-session-001-001/answer'))
    await page.getByRole('button', { name: 'Balanced: 55 / 30 / 15' }).click()
    expect((await answered).postDataJSON()).toEqual({ answer: 'Balanced: 55 / 30 / 15' })
    await context.close()
  })
})

describe('planning at work', () => {
  it('creates an event by the form, naming what is wrong beside the fields', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/planning`)
    await page.getByRole('button', { name: 'New event' }).first().click()
    const form = page.getByTestId('event-form')
    await form.getByRole('button', { name: 'Create event' }).click()
    await form.getByText('Give the event a title').waitFor()
    await form.getByLabel('Title').fill('Made here')
    await form.getByLabel('Starts').fill('2026-12-01T18:00')
    await form.getByLabel('Ends').fill('2026-12-01T17:00')
    await form.getByText('The end must be after the start').waitFor()
    await form.getByLabel('Ends').fill('2026-12-01T21:00')
    await form.getByLabel('People').fill('30')
    await form.getByLabel('Objectives').fill('Meet')
    await form.getByRole('button', { name: 'Create event' }).click()
    await page.waitForURL('**/planning/evt-20251121-made-here')
    await page.getByRole('heading', { name: 'Made here', level: 2 }).waitFor()
    await context.close()
  })

  it('re-ranks the venues while a weight is moved and saves nothing until asked', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/planning/${SUMMIT}?tab=venues`)
    const first = page.getByRole('region', { name: 'Ranking' }).locator('ol > li').first()
    await first.getByText('Spree Forum').waitFor()
    await page.getByRole('slider', { name: /cost/ }).fill('90')
    await first.getByText('Haus am Ufer').waitFor()
    const saved = page.waitForRequest(
      (request) => request.url().endsWith('/venue-scorecard') && request.method() === 'POST',
    )
    await page.getByRole('button', { name: 'Apply weights' }).click()
    const weights = (await saved).postDataJSON().criteria_weights as { weight: number }[]
    expect(weights.reduce((sum, one) => sum + one.weight, 0)).toBeCloseTo(1, 9)
    await context.close()
  })

  it('previews what more guests would change and proposes it', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/planning/${SUMMIT}?tab=overview`)
    await page.getByRole('button', { name: /Change guests/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Guests').fill('301')
    await dialog.getByText('41 guests too many').waitFor()
    await dialog.getByRole('row', { name: /Catering/ }).waitFor()
    await dialog.getByText('another venue has to be selected and approved').waitFor()
    await shoot(page, 'planning-change')
    expect(await axeFindings(page)).toEqual([])
    const proposed = page.waitForRequest((request) => request.url().endsWith('/changes') && request.method() === 'POST')
    await dialog.getByRole('button', { name: 'Propose' }).click()
    expect((await proposed).postDataJSON()).toMatchObject({
      requires_approval: true,
      impacted_artifacts: [{ artifact_type: 'EventBrief' }],
    })
    await context.close()
  })

  it('leads from a gate finding to its fix', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/planning/${SUMMIT}?tab=overview`)
    await page.getByTestId('gate-panel').getByRole('button', { name: 'Open budget' }).click()
    await page.getByRole('tab', { name: 'Budget', selected: true }).waitFor()
    await context.close()
  })

  it('approves by keyboard: asks once, says it, and the row goes', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/planning/approvals`)
    const rows = page.getByRole('list', { name: 'Pending approvals' }).getByRole('listitem')
    await rows.first().waitFor()
    const before = await rows.count()
    await page.keyboard.press('a')
    await page.getByText('Approve this?').waitFor()
    await shoot(page, 'planning-approval-modal')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Yes, approve' }).press('Enter')
    await page.getByText('Approved: the team goes on').waitFor()
    await rows.nth(before - 1).waitFor({ state: 'detached' })
    await context.close()
  })

  it('will not reject without a reason', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/planning/approvals`)
    await page.getByRole('button', { name: 'Look closer' }).first().click()
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('button', { name: 'Yes, reject' }).click()
    await page.getByText('Say what should change').waitFor()
    await context.close()
  })
})
