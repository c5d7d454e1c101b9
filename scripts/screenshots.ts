// Makes the pictures of the README from a real server and a real browser: node scripts/screenshots.ts [--url http://…] [--out docs/images]
// Without --url it starts a server of its own in a temporary folder, plays the demonstrations through the API, and ends it again.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../test/_browser.ts'

const { values } = parseArgs({
  options: { url: { type: 'string' }, out: { type: 'string', default: 'docs/images' }, all: { type: 'boolean' } },
})
const root = path.resolve(import.meta.dirname, '..')
const PATIENCE_MS = 240_000

async function ownServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-pictures-'))
  const child = spawn(process.execPath, ['troupe.mjs', 'up'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      AGENT_PORT_RANGE: '0',
      TROUPE_HOME: path.join(dir, 'home'),
      SHARED_FILES_PATH: path.join(dir, 'shared_files'),
      ARTIFACTS_PATH: path.join(dir, 'artifacts'),
      DATA_PATH: path.join(dir, 'data'),
    },
  })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += String(chunk)
      const found = /Screens\s+(http:\/\/\S+)\/app/.exec(text)
      if (found) resolve(found[1]!)
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was up`)))
  })
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
}

const server = values.url ? { url: values.url, stop: async () => undefined } : await ownServer()

async function call(method: string, at: string, body?: unknown): Promise<any> {
  const form = body instanceof FormData
  const response = await fetch(`${server.url}${at}`, {
    method,
    ...(body === undefined
      ? {}
      : form
        ? { body }
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${at}: ${response.status} ${text.slice(0, 300)}`)
  return text ? JSON.parse(text) : undefined
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(500)) {
    if (await look()) return
  }
}

/** The four demonstrations, played as far as pictures need them. */
async function play() {
  const form = new FormData()
  form.set('description', 'Analyze sales.csv with charts and a report of sales by region')
  form.append(
    'files',
    new File([fs.readFileSync(path.join(root, 'examples/sales.csv'))], 'sales.csv', { type: 'text/csv' }),
  )
  const { task_id: task } = await call('POST', '/tasks', form)
  const plan = await call('POST', '/api/agents/intake', {
    request:
      'Developer meetup for 20 people in Berlin on 12 May 2027 from 18:00 to 21:00. Budget $500. Short talks about agents and time to talk.',
  })
  const project = `letter-${Date.now().toString(36)}`
  await call('POST', '/api/v1/projects', { project_id: project, title: 'The letter' })
  const { workflow_id: film } = await call('POST', '/api/v1/workflows', {
    project_id: project,
    workflow_type: 'movie_creation',
    title: 'The letter',
    description: 'A lighthouse keeper finds a letter that was meant for somebody else.',
    target_duration: 30,
    custom_parameters: { decision_mode: 'auto', aspect_ratio: '16:9' },
  })
  const config = fs.readFileSync(path.join(root, 'examples/economy.yaml'), 'utf8')
  const { run_id: world } = await call('POST', '/v1/simulations', { config })
  await until(async () => ['completed', 'failed'].includes((await call('GET', `/tasks/${task}`)).task.status))
  await until(async () => ['completed', 'failed'].includes((await call('GET', `/v1/simulations/${world}`)).status))
  await until(async () => (await call('GET', '/v1/decisions?status=open')).total > 0)
  await until(async () => {
    const { status } = await call('GET', `/api/v1/workflows/${film}`)
    return ['completed', 'failed', 'cancelled'].includes(status)
  })
  return { task, brief: plan.event_brief.id as string, film: film as string, world: world as string }
}

type Shot = { name: string; at: string; ready?: (page: Page) => Promise<unknown>; phone?: boolean; readme?: boolean }

const browser = await launchBrowser()
try {
  const made = await play()
  const { runs } = await call('GET', '/v1/runs?limit=20')
  const run = runs.find((one: any) => one.domain === 'planning') ?? runs[0]
  const shots: Shot[] = [
    { name: 'home', at: '/', readme: true },
    { name: 'tour', at: '/?tour=1' },
    { name: 'inbox', at: '/inbox', readme: true },
    { name: 'task', at: `/tasks/${made.task}`, readme: true },
    { name: 'planning', at: `/planning/${made.brief}`, readme: true },
    { name: 'film', at: `/movies/${made.film}`, readme: true },
    { name: 'simulation', at: `/simulation/${made.world}`, readme: true },
    { name: 'why', at: `/why?kind=artifact&id=${encodeURIComponent(`bud-${made.brief}@1`)}`, readme: true },
    { name: 'runs', at: '/runs' },
    { name: 'run', at: `/runs/${run?.id}` },
    { name: 'agents', at: '/agents' },
    { name: 'events', at: '/events' },
    { name: 'audit', at: '/audit' },
    { name: 'settings', at: '/settings' },
    { name: 'settings-webhooks', at: '/settings?tab=webhooks' },
    { name: 'settings-phone', at: '/settings?tab=phone' },
    { name: 'phone-home', at: '/', phone: true, readme: true },
    { name: 'phone-inbox', at: '/inbox', phone: true },
    { name: 'phone-run', at: `/runs/${run?.id}`, phone: true },
    { name: 'phone-audit', at: '/audit', phone: true },
  ]
  fs.mkdirSync(values.out, { recursive: true })
  for (const shot of shots) {
    if (!shot.readme && !values.all) continue
    const context = await browser.newContext({
      viewport: shot.phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      colorScheme: 'light',
    })
    const page = await context.newPage()
    await page.addInitScript(() => localStorage.setItem('troupe.tour', 'seen'))
    await page.goto(`${server.url}/app${shot.at}`)
    await page.locator('main').waitFor()
    await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => undefined)
    await shot.ready?.(page)
    await sleep(700)
    await page.screenshot({ path: path.join(values.out, `${shot.name}.png`) })
    process.stdout.write(`${shot.name}.png\n`)
    await context.close()
  }
} finally {
  await browser.close()
  await server.stop()
}
