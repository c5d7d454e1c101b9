import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { LocalStudio } from '../../src/movies/studio/local-studio.ts'
import { launchBrowser } from '../_browser.ts'
import type { TestServer } from '../_server.ts'
import { bodyB, create, decide, moviesServer, pending } from '../movies/_movies.ts'
import { axeFindings, DEVICES, openPage, shoot, sideways, whyOfRow } from './_looks.ts'

vi.setConfig({ testTimeout: 180_000 })

let server: TestServer
let browser: Browser
let id: string
beforeAll(async () => {
  await buildUiIfStale({ out: () => undefined, err: () => undefined, isTty: false, env: {} })
  server = await moviesServer({ parts: { studio: new LocalStudio({ encoder: null }) } })
  browser = await launchBrowser()
  const custom_parameters = { profile: 'standard', resolution: '640x360' }
  id = (await create(server, bodyB({ target_duration: 12, custom_parameters }))).workflow_id
  await pending(server, id, 'story_approval_001')
  await decide(server, id, 'story_approval_001', 'approved')
  await pending(server, id, 'final_approval_001')
}, 300_000)
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const open = async (page: Page, query: string) => {
  page.setDefaultTimeout(60_000)
  await page.goto(`${server.url}/app/movies/workflows/${id}?${query}`)
}
const player = (page: Page) => page.frameLocator('[data-testid=film]')

it('plays the film in the page; film, strip, timeline and screenplay go together', async () => {
  const { context, page, errors } = await openPage(browser, DEVICES[0])
  await open(page, 'tab=storyboard')
  await page.getByRole('listbox', { name: 'Storyboard' }).getByRole('option').nth(2).click()
  expect(new URL(page.url()).searchParams.get('shot')).toBe('SCENE_2_SHOT_1')
  await player(page)
    .locator('#clock')
    .getByText(/^0:0[1-9] \//)
    .waitFor()
  await page.getByRole('button', { name: /^SCENE_2_SHOT_1 at/, pressed: true }).waitFor()
  await player(page).getByRole('button', { name: 'Play', exact: true }).first().click()
  await page.waitForURL(/shot=SCENE_2_SHOT_2|shot=SCENE_3/)
  await player(page).getByRole('button', { name: 'Pause', exact: true }).first().click()
  await shoot(page, 'film-playing')
  expect(errors).toEqual([])
  await context.close()
})

it('the player itself can be read and used: letters are drawn, keys work, axe finds nothing', async () => {
  const { context, page, errors } = await openPage(browser, DEVICES[0])
  await open(page, 'tab=storyboard')
  const address = await page.getByTestId('film').getAttribute('src')
  await page.goto(server.url + address)
  await page.getByRole('heading', { name: /Signal at Dawn/ }).waitFor()
  expect(await page.evaluate('document.fonts.ready.then(() => document.fonts.check("16px Player"))')).toBe(true)
  await page.keyboard.press('ArrowRight')
  await page.getByText(/^0:01 \//).waitFor()
  await page.keyboard.press('End')
  await page.getByText('0:12 / 0:12').waitFor()
  await shoot(page, 'film-player')
  expect(await axeFindings(page)).toEqual([])
  expect(errors).toEqual([])
  await context.close()
})

it.each(DEVICES)('a shot is approved, then made again in place, on a $device', async (look) => {
  const { context, page, errors } = await openPage(browser, look)
  const shot = look.device === 'desk' ? 'SCENE_1_SHOT_1' : 'SCENE_3_SHOT_1'
  await open(page, `tab=storyboard&shot=${shot}`)
  const panel = page.getByRole('region', { name: `Shot ${shot}` })
  await panel.getByText('100 of 100').first().waitFor()
  await panel.getByRole('button', { name: 'Approve this shot' }).click()
  await panel.getByText('Approved').first().waitFor()
  await panel.getByLabel('Note for this shot').fill('closer')
  await panel.getByRole('button', { name: 'Redo this one' }).click()
  await panel.getByRole('button', { name: 'Show take 2' }).waitFor()
  await panel.getByText('“closer”').waitFor()
  await panel.getByRole('button', { name: 'Show take 1' }).click()
  await panel.getByText('Take 1, not in the film').waitFor()
  await shoot(page, `film-takes-${look.device}`)
  expect(await axeFindings(page)).toEqual([])
  expect(await sideways(page)).toBe(false)
  expect(errors).toEqual([])
  await context.close()
})

it('deliverables name size and losses, and download', async () => {
  const { context, page } = await openPage(browser, DEVICES[0])
  await open(page, 'tab=deliverables')
  const formats = page.getByRole('region', { name: 'Other formats' })
  const row = formats.getByRole('listitem').filter({ hasText: 'Storyboard (PDF)' })
  await row.getByText(/\d (kB|MB)/).waitFor()
  await formats.getByText('is not carried over').first().waitFor()
  const download = page.waitForEvent('download')
  await row.getByRole('button', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe('Signal-at-Dawn-storyboard.pdf')
  await shoot(page, 'film-deliverables')
  expect(await axeFindings(page)).toEqual([])
  const media = await whyOfRow(
    page,
    page.getByRole('region', { name: 'Deliverables' }).getByRole('link', { name: 'Why? final edit' }),
  )
  expect(media.types).toEqual(expect.arrayContaining(['workflow.created', 'task.completed', 'deliverable.ready']))
  expect(media.causes).toBeGreaterThan(5)
  await context.close()
})
