import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadSpecialists } from '../../src/planning/agents/load-specialists.ts'
import { joinTeam } from '../../src/planning/agents/team.ts'
import { follow, startRunOf, startTeam, type Team } from '../../src/planning/runs/_test-team.ts'

// The block of docs/extending.md, to the letter: only its relative imports are pointed at the sources.
const root = path.resolve(import.meta.dirname, '../..')
const block = /```ts file=specialists\/(\S+)\n([\s\S]*?)```/.exec(
  fs.readFileSync(path.join(root, 'docs/extending.md'), 'utf8'),
)!
let folder: string
let t: Team
beforeAll(async () => {
  fs.mkdirSync(path.join(root, '.cache'), { recursive: true })
  folder = fs.mkdtempSync(path.join(root, '.cache', 'specialists-'))
  fs.writeFileSync(path.join(folder, block[1]!), block[2]!.replaceAll("'../agents/", `'${root}/src/planning/agents/`))
  t = await startTeam({ env: { PLANNING_SPECIALISTS_DIR: folder } })
}, 60_000)
afterAll(async () => {
  await t.stopTeam()
  joinTeam([])
  fs.rmSync(folder, { recursive: true, force: true })
})

it('joins the team with one file: on the list, with a status, after logistics, and in the plan', async () => {
  const { body: agents } = await t.call('GET', '/api/agents')
  expect(agents.map(({ agent_name }: any) => agent_name)).toContain('entertainment-specialist')
  expect((await t.call('GET', '/api/agents/entertainment-specialist/status')).body).toMatchObject({ state: 'idle' })
  const { id, session } = await startRunOf(
    t,
    {
      title: 'Winter party',
      date_range_start: '2027-12-06T18:00:00Z',
      date_range_end: '2027-12-06T22:00:00Z',
      audience_size: 50,
      event_type: 'gala',
      objectives: 'A party for the company',
      constraints: 'Budget $5,000; downtown',
    },
    { instruction_level: 'Beginner' },
  )
  const end = await follow(t, session)
  expect(end).toMatchObject({ status: 'completed', errors: [], partial: false })
  expect(end.agents.map(({ agent_name }: any) => agent_name)).toContain('entertainment-specialist')
  const decision = (await t.call('GET', `/api/event-briefs/${id}/decisions`)).body.find(
    ({ agent_name }: any) => agent_name === 'Entertainment Specialist Agent',
  )
  expect(decision.description).toBe('Entertainment: Blue Note Trio for 500')
  expect(decision.alternatives_considered.length).toBeGreaterThanOrEqual(3)
  expect(decision.rationale).toContain('"Networking"')
  const { sections } = (await t.call('GET', `/api/agents/sessions/${session}/plan`)).body
  expect(sections.Logistics).toContain('### Entertainment Specialist')
  expect(sections.Logistics).toContain('Blue Note Trio for 500')
}, 90_000)

it('stops the start when a declaration lacks a level or tests, naming file and field', () => {
  const bad = fs.mkdtempSync(path.join(root, '.cache', 'specialists-bad-'))
  fs.writeFileSync(path.join(bad, 'half.ts'), `export default { name: 'half', tests: [] }\n`)
  expect(() => loadSpecialists(bad)).toThrow(/half\.ts: .*instruction_sets.*tests: names no tests/s)
  fs.writeFileSync(
    path.join(bad, 'half.ts'),
    fs
      .readFileSync(path.join(folder, block[1]!), 'utf8')
      .replace("name: 'entertainment-specialist'", "name: 'budget-analyst'"),
  )
  fs.renameSync(path.join(bad, 'half.ts'), path.join(bad, 'taken.ts'))
  expect(() => loadSpecialists(bad)).toThrow('taken.ts: name: budget-analyst is taken')
  fs.rmSync(bad, { recursive: true, force: true })
})
