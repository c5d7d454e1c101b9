// The simulation screens over real runs, one of them with a million events, on the read-only server that needs no database.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeWorld } from '../../bench/simulation/_world.ts'
import { runExample } from '../../scripts/plot-examples.ts'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { serveUi } from '../../src/kernel/http/static-ui.ts'
import { silentLogger } from '../../src/simulation/loop/logging/logger.ts'
import { Orchestrator } from '../../src/simulation/loop/run/orchestrator.ts'
import { createServer } from '../../src/simulation/routes/create-server.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'
import { launchBrowser } from '../_browser.ts'
import { axeFindings } from './_looks.ts'

const MILLION = 1_000_000
const shots = process.env['SCREENSHOTS']
let out: string
let app: FastifyInstance
let url: string
let browser: Browser

beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  out = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-screens-'))
  for (const name of ['epidemic', 'supply-network', 'economy'] as const) await runExample(name, out)
  const branch = await Orchestrator.fromCheckpoint(
    { runId: 'economy', turn: 10, changes: { agents: { Nation_A: { economic_strength: 3000 } } } },
    { outputRoot: out, logger: silentLogger, runId: 'economy-richer' },
  )
  await branch.run()
  await writeWorld(out, 'million', MILLION)
  const service = new EventService({ outputRoot: out })
  await service.getFacets('million')
  app = await createServer(service, {})
  await serveUi(app, path.resolve(import.meta.dirname, '../../web/dist'))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  browser = await launchBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  fs.rmSync(out, { recursive: true, force: true })
})

type Look = 'wide' | 'phone'
const LOOKS = {
  wide: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
} as const

/** Opens a screen, lets the test act, and checks that nothing was thrown, nothing is too wide and everything is accessible. */
async function withScreen(look: Look, at: string, name: string, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ ...LOOKS[look], reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const thrown: string[] = []
  page.on('pageerror', (error) => thrown.push(error.message))
  try {
    await page.goto(`${url}/app/simulation${at}`)
    await act(page)
    if (shots) {
      fs.mkdirSync(shots, { recursive: true })
      await page.screenshot({ path: path.join(shots, `${name}-${look}.png`) })
    }
    expect(await axeFindings(page)).toEqual([])
    const tooWide = await page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth')
    expect([thrown, tooWide]).toEqual([[], false])
  } finally {
    await context.close()
  }
}

describe('the simulation screens', { timeout: 180_000 }, () => {
  it('play an epidemic back on its grid, coloured by health', () =>
    withScreen(
      'wide',
      '/epidemic?turn=0&level=MILESTONE&vars=susceptible,infected,recovered&colour=health',
      'epidemic',
      async (page) => {
        await page.getByRole('heading', { name: 'Map after turn 0' }).waitFor()
        expect(await page.getByRole('button', { name: /^p\d\d at / }).count()).toBe(60)
        await page.getByRole('list', { name: 'Colours' }).getByText('infected').waitFor()
        const before = await page.getByRole('button', { name: /^p01 at / }).getAttribute('aria-label')
        await page.getByRole('button', { name: 'Step forward' }).click()
        await page.getByRole('heading', { name: 'Map after turn 1' }).waitFor()
        await page.goto(
          `${url}/app/simulation/epidemic?turn=20&level=MILESTONE&vars=susceptible,infected,recovered&colour=health`,
        )
        await page.getByRole('heading', { name: 'Map after turn 20' }).waitFor()
        await page.getByText('recovered').first().waitFor()
        expect(await page.getByRole('button', { name: /^p01 at / }).getAttribute('aria-label')).not.toBe(before)
      },
    ))

  it('draw a supply network with its roads and variables on a phone', () =>
    withScreen('phone', '/supply-network?turn=50&vars=backlog', 'network', async (page) => {
      await page.getByRole('heading', { name: 'Map after turn 50' }).waitFor()
      await page.getByRole('button', { name: 'factory at Works' }).waitFor()
      await page.getByText('hill.backlog').first().waitFor()
    }))

  it('compare a branch with its origin to the first difference', async () => {
    const at = '/compare?a=economy&b=economy-richer'
    for (const look of ['wide', 'phone'] as const)
      await withScreen(look, at, 'compare', async (page) => {
        await page.getByRole('status').getByText('turn 10').waitFor()
        await page.getByRole('button', { name: 'Nation_A.economic_strength' }).waitFor()
        await page.getByRole('img', { name: /economic_strength in both runs/ }).waitFor()
      })
  })

  it('show why, to a depth', () =>
    withScreen('wide', '/epidemic?turn=0&level=MILESTONE', 'causality', async (page) => {
      const found = await new EventService({ outputRoot: out }).getFilteredEvents('epidemic', {
        eventTypes: ['STATE'],
        turnEnd: 12,
        text: 'health',
      })
      const caught = found.events.find(({ details }) => details?.['new_value'] === 'infected')!
      await page.goto(
        `${url}/app/simulation/epidemic?turn=${caught.turn_number}&level=DETAIL&zoom=20&event=${caught.event_id}`,
      )
      const why = page.getByRole('region', { name: 'Why, and what came of it', exact: true })
      await why.waitFor()
      await why.getByRole('button', { name: 'Deeper' }).click()
      await why.getByText('6').first().waitFor()
      // The calculation that found it, and the phase and turn that led there.
      await why
        .getByText(/· detail$/)
        .first()
        .waitFor()
      await why
        .getByText(/· milestone$/)
        .first()
        .waitFor()
    }))

  it('stay smooth with a million events', async () => {
    // On a phone the same page is checked over the smaller runs above.
    for (const look of ['wide'] as const)
      await withScreen(look, '/million?level=MILESTONE&vars=wealth&zoom=all&turn=9000', 'million', async (page) => {
        await page
          .getByText(/1,000,0\d\d events|1,000,000 events/)
          .first()
          .waitFor()
        await page.getByRole('img', { name: /Variables by turn/ }).waitFor()
        await page.getByText('agent_0.wealth').first().waitFor()
        await page.goto(`${url}/app/simulation/million?vars=wealth&zoom=all&turn=9000`)
        await page.getByText(/last value of every \d+ turns/).waitFor()
        await page.getByText('State after turn 9,000').or(page.getByText('State after turn 9000')).first().waitFor()
        // What is drawn is gathered: a small part of the events there are.
        expect(await page.locator('*').count()).toBeLessThan(MILLION / 50)
      })
  })
})
