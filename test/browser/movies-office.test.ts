import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildUiIfStale } from '../../src/cli/build-ui.ts'
import { launchBrowser } from '../_browser.ts'
import { type FixtureServer, startFixtureServer } from './_fixture-server.ts'
import { BELL } from './_fixtures/movies.ts'
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
  ['list', '/app/movies?view=list', 'Night Market'],
  ['projects', '/app/movies/projects', 'The Drowned Bell'],
  ['new-project', '/app/movies/projects?new=1', 'Films at once'],
  ['project', '/app/movies/projects/drowned-bell', 'a diver who lost her brother'],
  ['film-of-project', '/app/movies/projects/drowned-bell?new=1', 'New film of The Drowned Bell'],
  ['log', '/app/movies/log', 'Who changed what'],
  ['audit', '/app/movies/log?tab=audit', 'Decision answered'],
  ['health', '/app/movies/health', 'Films under way'],
  ['concepts', `/app/movies/${BELL}`, 'told by the bell'],
]

describeScreens('the movie office', 'movies', PAGES, () => ({ browser, url: server.url }))

describe('the movie office at work', () => {
  it('takes one of the concepts with its own button', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/movies/${BELL}`)
    const decided = page.waitForRequest(
      (request) => request.url().endsWith('/decisions') && request.method() === 'POST',
    )
    await page.getByRole('button', { name: 'Take concept 2' }).click()
    expect((await decided).postDataJSON()).toEqual({ decision_id: 'concept_selection_001', choice: 'option_2' })
    await context.close()
  })

  it('writes a project down and opens it', async () => {
    const { context, page } = await openPage(browser, DEVICES[0])
    await page.goto(`${server.url}/app/movies/projects?new=1`)
    await page.getByLabel('Title').fill('The Drowned Bell')
    await page.getByLabel('Characters').fill('Ada: a diver\nBruno')
    const sent = page.waitForRequest(
      (request) => request.url().endsWith('/api/v1/projects') && request.method() === 'POST',
    )
    await page.getByRole('button', { name: 'Save' }).click()
    expect((await sent).postDataJSON()).toMatchObject({
      title: 'The Drowned Bell',
      characters: [{ name: 'Ada', description: 'a diver' }, { name: 'Bruno' }],
    })
    await page.getByText('Films of this project').waitFor()
    await context.close()
  })
})
