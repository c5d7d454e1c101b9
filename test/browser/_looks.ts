import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Browser, BrowserContext, Frame, Locator, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

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
  watchRequests(page)
  return { context, page, errors }
}

const AXE = fs.readFileSync(
  createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** Into a frame that may just be getting another document: a film's player does when a shot was made again. */
async function addAxe(frame: Frame): Promise<void> {
  while (!frame.isDetached())
    try {
      if (!(await frame.evaluate<boolean>('"axe" in window')))
        await frame.evaluate(`${AXE}\n;axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] })`)
      return
    } catch (error) {
      if (!/context was destroyed|Frame was detached/.test((error as Error).message)) throw error
      await frame.waitForLoadState().catch(() => undefined) // detached meanwhile
    }
}

/**
 * What an accessibility scan of the page finds, in a line each. Frames with foreign content may be left out. All rules of axe, put into a
 * page once however often it is scanned: the builder of axe would load them anew each time, which takes longer than the scan.
 */
export async function axeFindings(page: Page, leaveOut: readonly string[] = []): Promise<string[]> {
  for (const frame of leaveOut.includes('iframe') ? [page.mainFrame()] : page.frames()) await addAxe(frame)
  const context = JSON.stringify({ exclude: leaveOut.map((selector) => [selector]) })
  return page.evaluate<string[]>(
    `axe.run(${leaveOut.length > 0 ? context : 'document'}, { resultTypes: ['violations'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + (nodes[0] && nodes[0].html)))`,
  )
}

const FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'

/** What a page has asked for and not got yet, and who waits until that is nothing. */
type UnderWay = { open: Set<Request>; waiting: (() => void)[] }
const underWay = new WeakMap<Page, UnderWay>()

function watchRequests(page: Page): void {
  const { open, waiting }: UnderWay = { open: new Set(), waiting: [] }
  underWay.set(page, { open, waiting })
  page.on('request', (request) => open.add(request))
  const over = (request: Request) => {
    open.delete(request)
    if (open.size === 0) for (const go of waiting.splice(0)) go()
  }
  page.on('requestfinished', over)
  page.on('requestfailed', over)
}

/** Until nothing that a page of `openPage` asked for is under way, and what came is drawn and asked for nothing more. */
export async function settled(page: Page): Promise<void> {
  const { open, waiting } = underWay.get(page)!
  do {
    if (open.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      await promise
    }
    await page.evaluate(FRAMES)
  } while (open.size > 0)
}

type Screen = readonly [name: string, address: string, shows: string]

/** Looks at screens one after the other, on one page a device. */
export function describeScreens(
  title: string,
  prefix: string,
  screens: readonly Screen[],
  served: () => { browser: Browser; url: string },
): void {
  describe.each(LOOKED_AT)(`${title} on a $device`, (look) => {
    let seen: Awaited<ReturnType<typeof openPage>>
    beforeAll(async () => {
      seen = await openPage(served().browser, look)
    })
    afterAll(() => seen.context.close())

    it.each(screens)(
      '%s shows what it promises, scrolls only downwards, and axe finds nothing',
      async (name, address, shows) => {
        const { page, errors } = seen
        errors.length = 0
        await page.goto(served().url + address)
        await page.getByText(shows).filter({ visible: true }).first().waitFor()
        await settled(page)
        await shoot(page, `${prefix}-${name}-${look.device}`)
        expect(await axeFindings(page)).toEqual([])
        expect(await sideways(page)).toBe(false)
        expect(errors).toEqual([])
      },
    )
  })
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
