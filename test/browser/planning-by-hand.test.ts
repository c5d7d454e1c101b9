import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { planningModule } from '../../src/planning/index.ts'
import { launchBrowser } from '../_browser.ts'
import { type TestServer, testServer } from '../_server.ts'
import { axeFindings, DEVICES, openPage, shoot, sideways } from './_looks.ts'

// A person plans, runs and closes an event in the browser on a real server. No agent takes part.
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

/** Opens a form by its button, lets `fill` write it and waits until it is saved. */
async function write(page: Page, button: string, fill: (form: Locator) => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  const form = dialog.locator('form')
  await form.waitFor()
  await fill(form)
  if (process.env.SCREENSHOTS) {
    await shoot(page, `by-hand-form-${button.toLowerCase().replace(/[^a-z]+/g, '-')}`)
    expect(await axeFindings(page)).toEqual([])
  }
  await form.getByRole('button', { name: /^Save/ }).click()
  await dialog.waitFor({ state: 'detached' }).catch(async (error) => {
    await shoot(page, 'by-hand-refused')
    throw error
  })
}
const set = async (form: Locator, values: Record<string, string>) => {
  for (const [name, value] of Object.entries(values)) await form.locator(`[name="${name}"]`).fill(value)
}

async function go(page: Page, id: string, tab: string): Promise<void> {
  await page.goto(`${server.url}/app/planning/${id}?tab=${tab}`)
  await page.getByRole('tab', { selected: true }).waitFor()
}

async function moveOn(page: Page, to: string): Promise<void> {
  await page.getByRole('button', { name: `Move to ${to}` }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Move to ${to}` })
    .click()
  await page.getByText(`The event is now in ${to}`).waitFor()
}

async function approveAll(page: Page): Promise<void> {
  await page.goto(`${server.url}/app/planning/approvals`)
  const rows = page.getByRole('list', { name: 'Pending approvals' }).getByRole('listitem')
  await rows.first().waitFor()
  for (let left = await rows.count(); left > 0; left--) {
    await rows.first().getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('button', { name: 'Yes, approve' }).click()
    await rows.nth(left - 1).waitFor({ state: 'detached' })
  }
}

it('goes from the first words to the lessons learnt by hand alone', { timeout: 240_000 }, async () => {
  const { context, page, errors } = await openPage(browser, DEVICES[0])
  page.setDefaultTimeout(30_000)
  await page.goto(`${server.url}/app/planning?new=1`)
  await set(page.getByTestId('event-form'), {
    title: 'Made by hand',
    date_range_start: '2027-03-01T18:00',
    date_range_end: '2027-03-01T21:00',
    audience_size: '20',
    objectives: 'Bring the neighbours together',
    constraints: 'Budget $500',
  })
  await page.getByRole('button', { name: 'Create event' }).click()
  await page.waitForURL(/planning\/evt-/)
  const id = /evt-[a-z0-9-]+/.exec(page.url())![0]

  await go(page, id, 'overview')
  await write(page, 'Write the requirements', (form) =>
    set(form, { functional_requirements: 'Talks', nonfunctional_requirements: 'Quiet', must_haves: 'Projector' }),
  )
  await moveOn(page, 'Plan')

  await go(page, id, 'plan')
  await write(page, 'Write the timeline', async () => undefined)
  await write(page, 'Add a task', (form) => set(form, { title: 'Book the room', description: 'Call and sign' }))
  await write(page, 'Add a task', async (form) => {
    await set(form, { title: 'Set up', description: 'Chairs and screen' })
    await form.getByLabel('Book the room').check()
  })
  await page.getByRole('region', { name: 'Task board' }).getByText('Set up').waitFor()
  await moveOn(page, 'Research')

  await go(page, id, 'venues')
  await write(page, 'Write the criteria', (form) => set(form, { budget_range_max: '300' }))
  for (const name of ['Old Mill', 'Harbour', 'Library'])
    await write(page, 'Add a venue', (form) =>
      set(form, { venue_name: name, location: 'Downtown', cost_estimate: '250' }),
    )
  await page.getByText('Library').first().waitFor()
  await write(page, 'Score the venues', async (form) => {
    for (const row of [0, 1, 2])
      for (const [at, score] of [0.9 - row / 10, 0.8, 0.7].entries())
        await form
          .locator('fieldset')
          .filter({ hasText: /^Scores/ })
          .nth(row)
          .locator('input')
          .nth(at)
          .fill(String(score))
    await form.getByLabel('Selected venue').selectOption({ label: 'Old Mill' })
    await set(form, { selection_rationale: 'Best total' })
  })
  await page.getByText('Old Mill').first().waitFor()
  await moveOn(page, 'Budget')

  await go(page, id, 'budget')
  await write(page, 'Write the budget', (form) => set(form, { total_budget: '500' }))
  await write(page, 'Write the cost lines', async () => undefined)
  await write(page, 'Propose a total', (form) => set(form, { rationale: 'All lines' }))
  await approveAll(page)
  await go(page, id, 'budget')
  await moveOn(page, 'Logistics')

  await go(page, id, 'logistics')
  await write(page, 'Write the logistics plan', async (form) => {
    for (const row of [0, 1, 2]) await form.locator(`[name="workflows.${row}.steps"]`).fill('Do it')
  })
  await write(page, 'Write the roster', (form) => set(form, { 'resources.0.name': 'Ada' }))
  await write(page, 'Write the programme', async () => undefined)
  await go(page, id, 'risks')
  await write(page, 'Add a risk', (form) => set(form, { description: 'Rain', mitigation_strategies: 'Tent' }))
  await write(page, 'Write the responses', (form) =>
    set(form, { 'scenarios.0.trigger': 'The venue writes', 'scenarios.0.response': 'Take the next one' }),
  )
  await moveOn(page, 'Confirm')
  await go(page, id, 'overview')
  await moveOn(page, 'Execute')

  await go(page, id, 'day')
  await page.getByRole('button', { name: 'Report an incident' }).click()
  await page.getByLabel('What happened').fill('Lights out')
  await page.getByRole('button', { name: 'Report', exact: true }).click()
  await page.getByText('Lights out').waitFor()
  await page.getByLabel('Response to Lights out').selectOption({ label: 'Venue cancellation' })
  await page.getByText('Response: Venue cancellation').waitFor()
  await shoot(page, 'by-hand-day')
  expect(await axeFindings(page)).toEqual([])
  expect(await sideways(page)).toBe(false)
  await page.getByRole('button', { name: 'Resolve', exact: true }).click()
  await page.getByLabel('What was done').fill('The fuse was changed')
  await page.getByRole('dialog').getByRole('button', { name: 'Resolve', exact: true }).click()
  await page.getByText('The fuse was changed').waitFor()
  await page.getByTestId('feedback-form').getByRole('button', { name: 'Record' }).click()
  await page.getByText('Feedback recorded').waitFor()
  await moveOn(page, 'Postmortem')

  await go(page, id, 'result')
  for (const [label, text] of Object.entries({
    'How it went': 'Well',
    Lesson: 'Power',
    'What was found': 'One fuse for all',
    'What to do next time': 'Two circuits',
    Action: 'Ask the venue',
    Owner: 'Ada',
    Due: '2027-04-01',
  }))
    await page
      .getByLabel(new RegExp(`^${label}`))
      .first()
      .fill(text)
  await page.getByRole('button', { name: 'Close the event' }).click()
  await page.getByRole('region', { name: 'What was learnt' }).getByText('One fuse for all').waitFor()
  await page.getByText('Invitation text').waitFor()
  await shoot(page, 'by-hand-closed')
  expect(await axeFindings(page)).toEqual([])
  const { body } = await server.call('GET', `/api/event-briefs/${id}`)
  expect(body).toMatchObject({ lifecycle_state: 'Postmortem', outcome: 'completed', closed_at: expect.any(String) })
  expect(
    (await server.call('GET', `/api/event-briefs/${id}/traces`)).body.every(
      (one: any) => one.session_id === 'session-none',
    ),
  ).toBe(true)
  expect(errors).toEqual([])
  await context.close()
})

it('imports a budget and a guest list after looking at them, and takes an import back', {
  timeout: 120_000,
}, async () => {
  const brief = {
    title: 'Imported',
    date_range_start: '2027-03-01T18:00:00Z',
    date_range_end: '2027-03-01T21:00:00Z',
    audience_size: 20,
    event_type: 'meetup',
    objectives: 'Meet',
    constraints: '',
  }
  const { id } = (await server.call('POST', '/api/event-briefs', brief)).body
  const { context, page } = await openPage(browser, DEVICES[1])
  await go(page, id, 'overview')
  await page.getByRole('button', { name: 'Import a guest list' }).click()
  const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page
    .getByLabel('File')
    .setInputFiles(file('guests.csv', 'Name,Email,Diet\nAda,ada@example.org,vegan\nBo,nowhere,\n'))
  await page.getByText('Row 3: email is not an address').waitFor()
  await shoot(page, 'import-guests-phone')
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Import 1 row' }).click()
  await page.getByText('1 vegan').waitFor()
  expect((await server.call('GET', `/api/event-briefs/${id}`)).body.audience_size).toBe(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('No guest list yet').waitFor()
  expect((await server.call('GET', `/api/event-briefs/${id}`)).body.audience_size).toBe(20)

  await go(page, id, 'budget')
  await page.getByRole('button', { name: 'Import a budget' }).click()
  await page
    .getByLabel('File')
    .setInputFiles(file('budget.csv', 'Category,Item,Quantity,Unit cost\nVenue,Hall,1,300\nFood,Buns,20,7.50\n'))
  await page.getByRole('button', { name: 'Import 2 rows' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('region', { name: 'Cost lines', exact: true }).first().getByText('Buns').waitFor()
  expect((await server.call('GET', `/api/event-briefs/${id}/cost-model`)).body.total_cost).toBe(450)
  await context.close()
})
