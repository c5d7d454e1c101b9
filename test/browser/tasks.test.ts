import fs from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { startAgents } from '../_agents.ts'
import { launchBrowser } from '../_browser.ts'
import { type TestServer, testServer } from '../_server.ts'
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

  it('leads a browser that opens an API path to its screen', async () => {
    const page = await browser.newPage()
    await page.goto(`${server.url}/tasks`)
    expect(new URL(page.url()).pathname).toBe('/app/tasks')
    await page.goto(server.url)
    expect(await page.title()).toContain('Troupe')
    await page.close()
  })
})
