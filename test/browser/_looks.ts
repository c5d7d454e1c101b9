import fs from 'node:fs'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'

/** The two screens everything is looked at on. */
export const DEVICES = [
  { device: 'desk', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { device: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const

/** What a domain's screens are looked at on: on the phone in `npm test`, beside what is done by hand on the desk; on both in `npm run test:long`. */
export const LOOKED_AT = process.env.LOOKS ? DEVICES : DEVICES.slice(1)

/** A page without motion on one of the devices; `errors` collects what the page throws. */
export async function openPage(
  browser: Browser,
  look: (typeof DEVICES)[number],
): Promise<{ context: BrowserContext; page: Page; errors: string[] }> {
  const { viewport, colorScheme } = look
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  return { context, page, errors }
}

/** What an accessibility scan of the page finds, in a line each. Frames with foreign content may be left out. */
export async function axeFindings(page: Page, leaveOut: readonly string[] = []): Promise<string[]> {
  // Without a list of all that passed, which nobody reads, it takes half the time.
  const axe = new AxeBuilder({ page: page as never }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  for (const selector of leaveOut) axe.exclude(selector)
  const result = await axe.analyze()
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)
}

/** Keeps a picture of the page in the folder SCREENSHOTS names; does nothing without it. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (!folder) return
  fs.mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}.png`) })
}

/** Whether the page scrolls sideways, which no screen may. */
export const sideways = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')

/** Follows a row's "Why?" and reads the story it leads to: types of events, and how many causes and consequences there are. */
export async function whyOfRow(
  page: Page,
  link: Locator,
): Promise<{ title: string; types: string[]; causes: number; consequences: number }> {
  await link.click()
  await page.waitForURL('**/app/why?**')
  const story = page.getByRole('region', { name: 'The story' })
  await story.getByRole('listitem').first().waitFor()
  const counts = /(\d+) causes?, (\d+) consequences?/.exec(
    await page.locator('header').filter({ hasText: 'consequence' }).innerText(),
  )
  const lines = await story.getByText(/^[a-z_]+\.[a-z_.]+ · by /).allInnerTexts()
  return {
    title: await page.getByRole('heading', { level: 2 }).first().innerText(),
    types: lines.map((line) => line.split(' ')[0]!),
    causes: Number(counts?.[1]),
    consequences: Number(counts?.[2]),
  }
}
