import fs from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, startAgents, submit } from '../_agents.ts'
import { launchBrowser } from '../_browser.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { axeFindings } from './_looks.ts'

let server: TestServer
let agents: RunningAgent[]
let browser: Browser
beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  server = await testServer()
  agents = await startAgents(server, 5)
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await Promise.all(agents.map((agent) => agent.stop(0)))
  await server[Symbol.asyncDispose]()
})

const shots = process.env.SCREENSHOTS
const shoot = async (page: import('playwright-core').Page, name: string) => {
  if (shots)
    await page.screenshot({ path: path.join((fs.mkdirSync(shots, { recursive: true }), shots), `${name}.png`) })
}

describe('tasks in the browser', () => {
  for (const [device, viewport] of [
    ['desk', { width: 1280, height: 800 }],
    ['phone', { width: 390, height: 844 }],
  ] as const)
    it(`submits a job, watches it live and reads its result, by keyboard, at ${viewport.width} px`, async () => {
      const context = await browser.newContext({ viewport, colorScheme: device === 'desk' ? 'light' : 'dark' })
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      await page.goto(`${server.url}/app/tasks`)
      await page.getByLabel('Task description').fill('Calculate factorial of 10')
      await shoot(page, `tasks-submit-${device}`)
      await page.keyboard.press('Control+Enter')
      await page.getByRole('button', { name: 'Watch it in Monitor' }).press('Enter')
      await shoot(page, `tasks-opened-${device}`)
      await page.getByText('3,628,800').first().waitFor()
      await shoot(page, `tasks-done-${device}`)
      expect(await axeFindings(page)).toEqual([])
      expect(errors).toEqual([])
      await context.close()
    })

  it('shows a sales analysis for people: findings, charts that are drawn, report, downloads', async () => {
    const form = new FormData()
    form.set(
      'description',
      'Analyze the attached CSV: total revenue by region, top products, monthly trends, with charts',
    )
    form.append(
      'files',
      new Blob([fs.readFileSync(path.resolve(import.meta.dirname, '../../examples/sales.csv'))]),
      'sales.csv',
    )
    const reply = await fetch(`${server.url}/tasks`, { method: 'POST', body: form })
    const { task_id: id } = (await reply.json()) as { task_id: string }
    await finished(server, id)
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
    page.setDefaultTimeout(15_000)
    await page.goto(`${server.url}/app/tasks/${id}`)
    await page.getByText('North leads region').first().waitFor()
    const charts = page.getByRole('region', { name: 'Charts' }).locator('img')
    await until(async () => (await charts.count()) === 3)
    for (const chart of await charts.all()) await until(() => chart.evaluate((image: any) => image.naturalWidth >= 800))
    expect(await page.getByRole('region', { name: 'Result: by_region' }).innerText()).toMatch(/North\s+2700/)
    expect(await page.getByText('rows_file').count()).toBe(0)
    const downloading = page.waitForEvent('download')
    await page.getByRole('region', { name: 'Downloads' }).getByRole('button').first().click()
    expect((await downloading).suggestedFilename()).toMatch(/\.(png|svg)$/)
    expect(await axeFindings(page)).toEqual([])
    await page.close()
  })

  it('lets a person correct a failed step; the log finds it by filters in the address', async () => {
    const id = await submit(server, 'Write a sonnet about the sea')
    await finished(server, id)
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.setDefaultTimeout(15_000)
    await page.goto(`${server.url}/app/tasks/${id}`)
    await page.getByText('Subtask 1 failed: MODEL_NOT_CONFIGURED').waitFor()
    await page.getByRole('button', { name: 'Edit and retry' }).click()
    await page.getByLabel('Description').fill('Calculate factorial of 5')
    await page.getByRole('button', { name: 'Retry step' }).click()
    await page.getByText('Calculated factorial of 5 = 120').first().waitFor()
    await page.goto(`${server.url}/app/tasks/logs?task=${id}&level=ERROR`)
    await page.getByText('MODEL_NOT_CONFIGURED').first().waitFor()
    expect(await page.getByText('Task completed').count()).toBe(0)
    await page.getByRole('button', { name: 'ERROR' }).click()
    await page.getByText('Task completed').first().waitFor()
    expect(new URL(page.url()).searchParams.get('task')).toBe(id)
    await page.close()
  })

  it('leads a browser that opens an API path to its screen', async () => {
    const page = await browser.newPage()
    await page.goto(`${server.url}/tasks`)
    expect(new URL(page.url()).pathname).toBe('/app/tasks')
    await page.goto(server.url)
    expect(await page.title()).toContain('Troupe')
    await page.close()
  })
})
