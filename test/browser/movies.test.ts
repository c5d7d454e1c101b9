import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { launchBrowser } from '../_browser.ts'
import { type FixtureServer, startFixtureServer } from './_fixture-server.ts'
import { KITE, LIGHTHOUSE } from './_fixtures/movies.ts'
import { fixtureRoutes, fixtureSockets } from './_fixtures.ts'
import { DEVICES, describeScreens, openPage } from './_looks.ts'

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
  ['posters', '/app/movies', 'The Last Lighthouse'],
  ['new-film', '/app/movies?new=1', 'Start from a screenplay'],
  ['crew', '/app/movies/agents', 'Character and casting'],
  ['decision', `/app/movies/${LIGHTHOUSE}`, 'Is the film finished?'],
  ['board', `/app/movies/${KITE}`, 'The task service refused the prompt'],
  ['storyboard', `/app/movies/${KITE}?tab=storyboard`, 'Redo this one'],
  ['screenplay', `/app/movies/${KITE}?tab=screenplay`, 'CAPTAIN ROOK'],
  ['characters', `/app/movies/${KITE}?tab=characters`, 'Bring every ship home.'],
  ['shots', `/app/movies/${KITE}?tab=shots`, 'Hands on the mirror'],
  ['artifacts', `/app/movies/${KITE}?tab=artifacts`, 'Duty against order'],
  ['graph', `/app/movies/${KITE}?tab=graph`, 'Final approval'],
  ['deliverables', `/app/movies/${LIGHTHOUSE}?tab=deliverables`, 'Timeline (OpenTimelineIO)'],
  ['history', `/app/movies/${KITE}?tab=history`, 'Keep the captain kind.'],
  ['failed', '/app/movies/7b6f1f3e-1f2a-4c1e-9a70-0d5f3f1b2a04', 'The production stopped: Timeout'],
  ['missing', '/app/movies/none', 'There is no such production'],
]

describeScreens('movies', 'movies', PAGES, () => ({ browser, url: server.url }))

describe('movies at work', () => {
  it('reads a screenplay, fills the form with it and starts the production', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/movies?new=1`)
    await page
      .getByLabel(/Start from a screenplay/)
      .setInputFiles({ name: 'tide.fountain', mimeType: 'text/plain', buffer: Buffer.from('INT. ROOM - DAY\n\nRain.') })
    await page.getByText('Tide: 3 scenes, 2 characters').waitFor()
    await page.getByText('Two notes in the margin were left out.').waitFor()
    expect(await page.getByLabel('Title').inputValue()).toBe('Tide')
    const started = page.waitForRequest(
      (request) => request.url().endsWith('/api/v1/workflows') && request.method() === 'POST',
    )
    await page.getByRole('button', { name: 'Start production' }).click()
    const body = (await started).postDataJSON() as Record<string, unknown>
    expect(body).toMatchObject({
      title: 'Tide',
      workflow_type: 'movie_creation',
      custom_parameters: { artifacts: { scene_list: { scenes: expect.any(Array) } } },
    })
    expect(body.project_id).toMatch(/^tide-[0-9a-f]{6}$/)
    await context.close()
  })

  it('goes from frame to frame by keyboard with the screenplay following', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/movies/${KITE}?tab=storyboard`)
    const strip = page.getByRole('listbox', { name: 'Storyboard' })
    await strip.focus()
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
    await page.getByRole('region', { name: 'Shot SCENE_3_SHOT_1' }).waitFor()
    expect(new URL(page.url()).searchParams.get('shot')).toBe('SCENE_3_SHOT_1')
    await page.getByRole('button', { name: '3. EXT. SEA - DAWN' }).waitFor()
    await context.close()
  })

  it('makes a failed shot again at once, and sends marks of others with the decision', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/movies/${KITE}?tab=storyboard&shot=SCENE_3_SHOT_2`)
    const retried = page.waitForRequest((request) => /\/tasks\/t15\/retry$/.test(request.url()))
    await page.getByRole('button', { name: 'Redo this one' }).click()
    await retried
    await page.goto(`${server.url}/app/movies/${LIGHTHOUSE}?tab=storyboard&shot=SCENE_1_SHOT_2`)
    await page.getByLabel('Note for this shot').fill('Her face darker')
    const decided = page.waitForRequest(
      (request) => request.url().endsWith('/decisions') && request.method() === 'POST',
    )
    const card = page.getByTestId('decision-card')
    expect(await card.getByLabel('What the crew should know').inputValue()).toBe('Redo SCENE_1_SHOT_2: Her face darker')
    await card.getByRole('button', { name: 'Cut it again' }).click()
    expect((await decided).postDataJSON()).toEqual({
      decision_id: 'final_approval_001',
      choice: 'revise_edit',
      feedback: 'Redo SCENE_1_SHOT_2: Her face darker',
    })
    await card.waitFor({ state: 'detached' })
    await context.close()
  })

  it('pauses at once, and asks before it cancels', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/movies/${KITE}`)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Resume' }).waitFor()
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the production' }).click()
    await page.getByText('The production was cancelled').waitFor()
    await page.getByRole('button', { name: 'Resume' }).waitFor({ state: 'detached' })
    await context.close()
  })
})
