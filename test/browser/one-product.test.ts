import { execFileSync } from 'node:child_process'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { launchBrowser } from '../_browser.ts'
import { type FixtureServer, startFixtureServer } from './_fixture-server.ts'
import { fixtureRoutes } from './_fixtures.ts'
import { axeFindings } from './_looks.ts'

let server: FixtureServer
let browser: Browser
beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  server = await startFixtureServer(fixtureRoutes())
  browser = await launchBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
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
