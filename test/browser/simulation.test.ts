// The simulation screens over real runs, served from their folder alone: list, timeline, event, playback.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { serveUi } from '../../src/kernel/http/static-ui.ts'
import { configOf, runConfig, scripted } from '../../src/simulation/loop/run/_run-helpers.ts'
import { createServer } from '../../src/simulation/routes/create-server.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'
import { launchBrowser } from '../_browser.ts'
import { axeFindings, LOOKED_AT, openPage, shoot, sideways } from './_looks.ts'

const trade = (amount: number, partner: string) => ({ action_name: 'trade', parameters: { amount, partner } })
const hold = { action_name: 'hold' }
const MARKET = configOf({
  simulation: { name: 'Market', max_turns: 30, checkpoint_interval: 10 },
  agents: [
    scripted('ada', [trade(40, 'bo'), hold, trade(15, 'cy')], { initial_state: { wealth: 900 } }),
    scripted('bo', [trade(25, 'cy'), trade(10, 'ada')], { initial_state: { wealth: 600 } }),
    scripted('cy', [hold, trade(9000, 'ada'), trade(20, 'bo')], { initial_state: { wealth: 300 } }),
  ],
})

let root: string
let app: FastifyInstance
let browser: Browser
let url: string

beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-screens-'))
  await runConfig(root, MARKET, { runId: 'market' })
  await runConfig(root, configOf({ simulation: { name: 'Short', max_turns: 3 } }), { runId: 'short' })
  const damaged = path.join(root, 'short', 'events.jsonl')
  const lines = fs.readFileSync(damaged, 'utf8').split('\n')
  lines.splice(4, 1, '{"half":')
  fs.writeFileSync(damaged, lines.join('\n'))
  app = await createServer(new EventService({ outputRoot: root }))
  await serveUi(app, path.resolve(import.meta.dirname, '../../web/dist'))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  browser = await launchBrowser()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  fs.rmSync(root, { recursive: true, force: true })
})

const VIEWS: [name: string, path: string, ready: string][] = [
  ['list', '/simulation', 'Market'],
  ['timeline', '/simulation/market?turn=12&level=STATE', 'State after turn 12'],
  ['events', '/simulation/market?tab=audit', 'Market started'],
  ['integrity', '/simulation/short?tab=integrity', 'not JSON'],
]

describe.each(LOOKED_AT)('the simulation screens on a $device', (look) => {
  it('show real runs, accessible and within their width', { timeout: 120_000 }, async () => {
    const { context, page, errors } = await openPage(browser, look)
    const faults: string[] = []
    // The phone shows the two that change most; screens.test.ts looks at all of them with made-up data.
    for (const [name, at, ready] of look.device === 'phone' ? VIEWS.slice(1, 3) : VIEWS) {
      await page.goto(`${url}/app${at}`)
      await page.getByText(ready).first().waitFor({ state: 'attached' })
      await page.waitForTimeout(300)
      await shoot(page, `simulation-${name}-${look.device}`)
      for (const finding of await axeFindings(page)) faults.push(`${name}: ${finding}`)
      if (await sideways(page)) faults.push(`${name}: wider than the window`)
    }
    await context.close()
    expect([...faults, ...errors]).toEqual([])
  })

  it('lead from a change to its causes and on to its effects', { timeout: 120_000 }, async () => {
    const { context, page, errors } = await openPage(browser, look)
    const service = new EventService({ outputRoot: root })
    const filter = { eventTypes: ['STATE' as const], agentIds: ['bo'], turnStart: 5, turnEnd: 5 }
    const [change] = (await service.getFilteredEvents('market', filter)).events
    await page.goto(`${url}/app/simulation/market?turn=5&level=DETAIL&event=${change!.event_id}`)
    const panel = page
      .getByRole('dialog')
      .or(page.getByRole('complementary', { name: 'Event' }))
      .first()
    await panel.getByText(change!.description!).first().waitFor()
    await page.waitForTimeout(500)
    await shoot(page, `simulation-event-${look.device}`)
    expect(await axeFindings(page)).toEqual([])
    const cause = (await service.getEventById('market', change!.caused_by![0]!)).description!
    await panel.getByText(cause).first().click()
    await page.waitForURL((now) => now.searchParams.get('event') === change!.caused_by![0])
    await panel.getByText(change!.description!).first().waitFor()
    await context.close()
    expect(errors).toEqual([])
  })

  it('show only what the filters leave, and keep them in the address', { timeout: 120_000 }, async () => {
    const { context, page, errors } = await openPage(browser, look)
    await page.goto(`${url}/app/simulation/market?level=ACTION&turn=5`)
    const lane = page
      .getByRole('group', { name: 'Events by agent and turn' })
      .locator('title')
      .filter({ hasText: /^cy$/ })
    await lane.first().waitFor({ state: 'attached' })
    await page.getByRole('button', { name: /^decision/ }).click()
    await page.waitForURL((now) => now.searchParams.get('hide') === 'DECISION')
    await page.getByLabel('Agent', { exact: true }).selectOption('bo')
    await page.waitForURL((now) => now.searchParams.get('agent') === 'bo')
    await page.getByRole('searchbox', { name: 'Text in the description' }).fill('trade with ada')
    // bo trades with ada in every other turn; whoever else trades with ada is not bo's business.
    await lane.first().waitFor({ state: 'detached' })
    await shoot(page, `simulation-filtered-${look.device}`)
    await page.getByRole('tab', { name: 'Events' }).click()
    const service = new EventService({ outputRoot: root })
    const { total } = await service.getFilteredEvents('market', { agentIds: ['bo'], text: 'trade with ada' })
    await page.getByText(`${total} events`).waitFor()
    await context.close()
    expect(errors).toEqual([])
  })

  it('play turn by turn, by button and by key', { timeout: 120_000 }, async () => {
    const { context, page, errors } = await openPage(browser, look)
    await page.goto(`${url}/app/simulation/market?turn=3`)
    await page.getByText('State after turn 3').waitFor()
    const turn = async () => Number(new URL(page.url()).searchParams.get('turn'))
    await page
      .getByRole('button', { name: /next|forward/i })
      .first()
      .click()
    await until(page, async () => (await turn()) === 4)
    await page.getByText('State after turn 4').waitFor()
    await page.getByRole('button', { name: /^play/i }).first().click()
    await until(page, async () => (await turn()) >= 6)
    await shoot(page, `simulation-playing-${look.device}`)
    await page
      .getByRole('button', { name: /^pause/i })
      .first()
      .click()
    await context.close()
    expect(errors).toEqual([])
  })
})

async function until(page: Page, check: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await check()) return
    await page.waitForTimeout(50)
  }
  throw new Error('It never came')
}
