// `troupe plan` as people and scripts run it: its own process, its own standard input.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { planningModule } from '../../src/planning/index.ts'
import { type TestServer, testServer } from '../_server.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
let server: TestServer
let folder: string
const children = new Set<ChildProcess>()
beforeAll(async () => {
  server = await testServer({ modules: [planningModule(loadConfig({}))] })
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-plan-'))
}, 60_000)
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** Runs `troupe plan` in the test's folder with these lines on its standard input. */
async function plan(argv: string[], lines: string[] = []) {
  const child = spawn(process.execPath, [path.join(ROOT, 'troupe.mjs'), 'plan', ...argv], {
    cwd: folder,
    env: { ...process.env, TROUPE_URL: server.url, TROUPE_HOME: path.join(folder, 'no-troupe-here') },
  })
  children.add(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  child.stdin.end(lines.map((line) => `${line}\n`).join(''))
  const [code] = await once(child, 'close')
  return { code, out, err }
}
const example = (name: string) => path.join(ROOT, 'examples', name)
const file = (name: string, text: string) => {
  fs.writeFileSync(path.join(folder, name), text)
  return name
}
const eventIn = (text: string) => /evt-\d{8}-[a-z0-9-]+/.exec(text)![0]
const get = async (id: string, url: string) => (await server.call('GET', `/api/event-briefs/${id}${url}`)).body
const TEAM = `event:
  title: TITLE
  date_range_start: 2027-11-15T18:00:00Z
  date_range_end: 2027-11-15T21:00:00Z
  audience_size: 60
  event_type: meetup
  objectives: Short talks
  constraints: Budget $9000; place downtown
run:
  instruction_level: LEVEL
`
const brief = (title: string, level: string) =>
  file(`${title}.yaml`, TEAM.replace('TITLE', title).replace('LEVEL', level))

describe('troupe plan', { timeout: 120_000 }, () => {
  it('--approve plans the example to the end: progress while it works, the plan and its exports, exit code 0', async () => {
    const { code, out, err } = await plan([example('meetup-20.yaml'), '--approve', '--out', 'meetup'])
    expect(code).toBe(0)
    for (const state of ['Initiate', 'Plan', 'Research', 'Budget', 'Logistics', 'Confirm'])
      expect(err).toContain(`] ${state}`)
    expect(err).toContain('Without a model: the rules engine plans.')
    expect(err).toMatch(/wrote .*VenueLeads ×6/)
    expect(err).toContain('approved: budget decision: 500 of 500 USD')
    expect(err).not.toContain('open:')
    expect(out).toMatch(/^Confirm: /)
    expect(fs.readdirSync(path.join(folder, 'meetup')).toSorted()).toEqual([
      'budget.csv',
      'budget.xlsx',
      'plan.md',
      'programme.ics',
      'run-of-show.pdf',
      'tasks.csv',
    ])
    expect(fs.readFileSync(path.join(folder, 'meetup', 'plan.md'), 'utf8')).toMatch(
      /## Executive summary[\s\S]*No decision is open\.[\s\S]*Made without a model/,
    )
  })

  it('--ask decides here: a refused venue comes back as another one, all else is approved, exit code 0', async () => {
    const lines = ['what?', 'n', 'Too far out', ...Array.from({ length: 20 }, () => 'y')]
    const { code, err } = await plan([brief('asked', 'Intermediate'), '--ask', '--out', 'asked'], lines)
    expect({ code, err }).toMatchObject({ code: 0 })
    expect(err.match(/approve\? \[y\]es/g)!.length).toBeGreaterThan(3) // the first line was no answer: asked again
    expect(err).toContain('rejected: venue_selection')
    expect(err).toContain('approved: vendor_contract')
    const id = eventIn(err)
    const picks = (await get(id, '/decisions?decision_type=venue_selection')).filter(
      ({ approvals }: any) => approvals.length > 0,
    )
    expect(picks.map(({ approvals, rationale }: any) => [approvals[0].status, rationale])).toEqual([
      ['approved', 'approved in the terminal'],
      ['rejected', 'Too far out'],
    ])
    expect((await get(id, '/venue-scorecard')).version).toBe(2)
  })

  it('--ask answers questions: an option by its number, the rest by best judgement', async () => {
    const { code, err } = await plan(
      [brief('chosen', 'Beginner'), '--ask', '--mode', 'interactive', '--out', 'chosen'],
      ['2', '', '', '', '', ''],
    )
    expect({ code, err }).toMatchObject({ code: 0 })
    const second = /Which venue do you prefer\? .*?\(2\) ([^—]+) —/.exec(err)![1]
    const id = eventIn(err)
    const card = await get(id, '/venue-scorecard')
    const venue = (await get(id, '/venue-shortlist')).find((one: any) => one.id === card.selected_venue_id)
    expect(venue.venue_name).toBe(second)
    expect(err).toContain('Which budget strategy do you prefer?')
  })

  it('leaves open what nobody decides here, says where it goes on, exit code 3', async () => {
    const { code, err } = await plan([brief('later', 'Intermediate'), '--ask'], ['l', 'l'])
    expect(code).toBe(3)
    expect(err).toMatch(/Left open: apr-.*approvals; the session goes on then/)
    const gone = await plan([brief('gone', 'Beginner'), '--ask', '--mode', 'interactive'])
    expect(gone.code).toBe(3)
    expect(gone.err).toMatch(/Left open: q-session-.* the session goes on then/)
  })

  it('says what is wrong with the file or the call: exit code 2; what the server refuses: exit code 1', async () => {
    const cases: [argv: string[], code: number, says: string | RegExp][] = [
      [[], 2, 'name a plan file'],
      [['nowhere.yaml'], 2, 'no such file: nowhere.yaml'],
      [[file('torn.yaml', 'event: [')], 2, 'torn.yaml is not YAML'],
      [[file('empty.yaml', 'run: {}')], 2, 'needs an "event:"'],
      [[example('meetup-20.yaml'), '--approve', '--ask'], 2, 'exclude each other'],
      [[example('meetup-20.yaml'), '--level', 'Expert'], 1, /instruction_level|Expert/],
      [[file('short.yaml', 'event: { title: Half }')], 1, /VALIDATION_ERROR/],
    ]
    for (const [argv, code, says] of cases) {
      const ended = await plan(argv)
      expect({ argv, code: ended.code }).toEqual({ argv, code })
      expect(ended.err).toMatch(says)
    }
  })
})
