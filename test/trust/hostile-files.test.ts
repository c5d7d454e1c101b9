// One place for files that nobody should send: each goes through the real upload or import of its domain. It is refused in words that name the
// file and what to do, or read without harm; nothing is half written, nothing is fetched, memory stays bounded and the server goes on.
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BRIEF } from '../../src/planning/routes/_scenario.ts'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, startAgents } from '../_agents.ts'
import { type TestServer, testServer } from '../_server.ts'
import { bomb, cell, deepJson, LAUGHS, OUTSIDE, utf8, workbook, workbookBomb, yamlBomb, zip } from './hostile/bytes.ts'
import { HOSTILE_FILES } from './hostile/files.ts'

const MB = 1024 * 1024
/** What the whole corpus may add to the memory of a process that is server, engine and five agents at once. */
const MOST_MEMORY = 1_200 * MB

let server: TestServer
let agents: RunningAgent[]
let brief: string
let most = 0
const fetched: string[] = []
const evil = http.createServer((request, response) => {
  fetched.push(request.url!)
  response.end('x')
})
let evilUrl: string
let meter: NodeJS.Timeout

beforeAll(async () => {
  await new Promise<void>((done) => evil.listen(0, '127.0.0.1', done))
  evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`
  server = await testServer()
  agents = await startAgents(server)
  const made = await server.call('POST', '/api/event-briefs', BRIEF)
  brief = made.body.id
  meter = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 50)
}, 120_000)
afterAll(async () => {
  clearInterval(meter)
  await Promise.all(agents.map((agent) => agent.stop(0)))
  await server[Symbol.asyncDispose]()
  evil.close()
})

async function attach(name: string, bytes: Uint8Array, ask: string) {
  const form = new FormData()
  form.set('description', ask)
  form.append('files', new Blob([bytes as never]), name)
  const response = await fetch(`${server.url}/tasks`, { method: 'POST', body: form })
  return { status: response.status, body: (await response.json()) as any }
}
const send = async (at: string, bytes: Uint8Array, type: string) => {
  const response = await fetch(`${server.url}${at}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: bytes as never,
  })
  return { status: response.status, text: await response.text() }
}

describe('attached to a task', () => {
  it.concurrent.each(HOSTILE_FILES)(
    '$id',
    async ({ name, bytes, ask, end }) => {
      const sent = await attach(name, bytes(evilUrl), ask)
      expect(sent.status, JSON.stringify(sent.body)).toBe(200)
      const { task, subtask_results } = await finished(server, sent.body.task_id)
      const result = subtask_results[0]
      const said = JSON.stringify(result?.error ?? result ?? task).slice(0, 2_000)
      if (end === 'read') expect(task.status, said).toBe('completed')
      else {
        expect(task.status, said).toBe('failed')
        expect(said).toMatch(end)
        const folder = path.join(server.dir, 'shared_files', sent.body.task_id, 'output')
        const left = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }).map(String) : []
        expect(left.filter((file) => !/result|\.html$/.test(file))).toEqual([])
      }
    },
    120_000,
  )

  it.each([
    ['run.exe', utf8('MZ'), 'FILE_TYPE_NOT_ALLOWED'],
    ['page.html', utf8('<script>1</script>'), 'FILE_TYPE_NOT_ALLOWED'],
    ['empty.csv', new Uint8Array(), 'EMPTY_FILE'],
  ])('%s is refused before anything is stored', async (name, bytes, code) => {
    const before = fs.readdirSync(path.join(server.dir, 'artifacts', 'uploads')).length
    const { status, body } = await attach(name, bytes, 'Convert the attached file to JSON')
    expect([status, body.code]).toEqual([400, code])
    expect(body.detail).toContain(name)
    expect(fs.readdirSync(path.join(server.dir, 'artifacts', 'uploads')).length).toBe(before)
  })

  it.each([
    '../../../pwned.csv',
    '..\\..\\pwned.csv',
    '/etc/cron.d/pwned.csv',
    'a\u0000b.csv',
    `${'x'.repeat(4_000)}.csv`,
    'con:nul|?.csv',
  ])('a file called %j stays in its folder', async (name) => {
    const { status, body } = await attach(name, utf8('a,b\n1,2\n'), 'Convert the attached file to JSON')
    expect(status, JSON.stringify(body)).toBe(200)
    const kept = fs.readdirSync(path.join(server.dir, 'artifacts', 'uploads', body.task_id))
    expect(kept).toHaveLength(1)
    expect(Buffer.byteLength(kept[0]!)).toBeLessThan(256)
  })

  it('hands out tables in which no cell runs, and reads them back as they were', async () => {
    const rows = [
      { note: '=HYPERLINK("http://evil")', n: -5, call: '+49 30 1' },
      { note: "@SUM(1)*cmd|' /C calc'!A0", n: 2, call: '@ada' },
    ]
    const csv = await attach('rows.json', utf8(JSON.stringify(rows)), 'Convert the attached file to CSV')
    const made = await finished(server, csv.body.task_id)
    const file = made.subtask_results[0].output.data.output_file as string
    const text = fs.readFileSync(path.join(server.dir, 'shared_files', csv.body.task_id, file), 'utf8')
    for (const line of text.split('\n'))
      for (const value of line.split(',')) expect(value).not.toMatch(/^"?[=@]\w*\(|^"?=/)
    expect(text).toContain('-5')
    const back = await attach('rows.csv', utf8(text), 'Convert the attached file to JSON')
    const read = await finished(server, back.body.task_id)
    const json = fs.readFileSync(
      path.join(server.dir, 'shared_files', back.body.task_id, read.subtask_results[0].output.data.output_file),
      'utf8',
    )
    expect(JSON.parse(json)).toEqual(rows)
  }, 60_000)
})

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
describe('imported into an event', () => {
  const head = `<row r="1">${cell('A1', 'category')}${cell('B1', 'item')}</row>`
  const files: [string, string, () => Uint8Array][] = [
    ['text that is no CSV', 'text/csv', () => utf8('"a,b\n1')],
    ['CSV of NUL', 'text/csv', () => utf8('category,item\n\u0000,x\n')],
    ['an archive as CSV', 'text/csv', () => zip([{ name: 'a', data: utf8('x') }])],
    ['CSV of 6,000 rows', 'text/csv', () => utf8(`category,item\n${'a,b\n'.repeat(6_000)}`)],
    ['a file of 2 MB', 'text/csv', () => utf8('x'.repeat(2 * MB))],
    ['nothing', 'text/csv', () => new Uint8Array()],
    ['a workbook of entities', XLSX, () => workbook(`<row r="1">${cell('A1', '&a9;')}</row>`, LAUGHS)],
    [
      'a workbook that reads a file',
      XLSX,
      () => workbook(`<row r="1">${cell('A1', 'category')}${cell('B1', '&e;&f;')}</row>`, OUTSIDE(evilUrl)),
    ],
    ['a workbook that is a bomb', XLSX, () => workbookBomb(60)],
    ['a workbook that climbs out', XLSX, () => workbook(head, '', { '../../pwned.xml': utf8('x') })],
    ['a workbook that is text', XLSX, () => utf8('category,item\n')],
    ['a program', 'application/octet-stream', () => utf8('MZ')],
  ]
  for (const list of ['budget', 'guests'])
    it.each(files)(`as ${list}: %s`, async (_what, type, bytes) => {
      const { status, text } = await send(`/api/event-briefs/${brief}/imports/${list}`, bytes(), type)
      expect([400, 413, 415], text).toContain(status)
      expect(text).toMatch(/VALIDATION_ERROR|PAYLOAD_TOO_LARGE|UNSUPPORTED_MEDIA_TYPE/)
      expect(text).toMatch(/file|upload|CSV|send /i)
      expect(text).not.toMatch(/root:x|\bat \w+ \(/)
    })

  it('leave nothing behind', async () => {
    expect((await server.call('GET', `/api/event-briefs/${brief}/imports`)).body).toEqual([])
  })
})

describe('read as a screenplay', () => {
  const files: [string, string, Uint8Array][] = [
    [
      'entities',
      'a.fdx',
      utf8(
        `<?xml version="1.0"?>${LAUGHS}<FinalDraft><Content><Paragraph><Text>&a9;</Text></Paragraph></Content></FinalDraft>`,
      ),
    ],
    [
      'a file of this machine',
      'a.fdx',
      utf8(`<?xml version="1.0"?>${OUTSIDE('http://127.0.0.1:9')}<FinalDraft>&f;</FinalDraft>`),
    ],
    ['2,000 levels', 'a.fdx', utf8(`<FinalDraft>${'<Text>'.repeat(2_000)}${'</Text>'.repeat(2_000)}</FinalDraft>`)],
    ['an XML that ends early', 'a.fdx', utf8('<FinalDraft><Content><Paragraph')],
    ['a PDF', 'a.fdx', utf8('%PDF-1.7')],
    ['an archive', 'a.fountain', zip([{ name: 'a', data: utf8('x') }])],
    ['bytes that are no text', 'a.fountain', Buffer.from([0xff, 0xfe, 0x00, 0xc3])],
    ['nothing', 'a.fountain', new Uint8Array()],
  ]
  it.each(files)('%s', async (_what, name, bytes) => {
    const { status, body } = await server.call('POST', '/api/v1/screenplays/import', {
      name,
      content_base64: Buffer.from(bytes).toString('base64'),
    })
    expect(status, JSON.stringify(body).slice(0, 500)).toBe(400)
    expect(body.code).toBe('VALIDATION_ERROR')
    expect(body.details.fields[0].field).toBeTruthy()
  })

  it('a line of 3 MB is read, or refused, in bounded time', async () => {
    const text = `INT. ROOM - DAY\n\n${'A'.repeat(3 * MB)}\n\n${'*'.repeat(20_000)}${'_'.repeat(20_000)}\n`
    const { status } = await server.call('POST', '/api/v1/screenplays/import', { name: 'a.fountain', text })
    expect([200, 400, 413]).toContain(status)
  }, 60_000)
})

describe('sent as the world of a simulation', () => {
  it.each([
    ['a bomb of aliases', yamlBomb],
    ['code', 'simulation: !!js/function "function(){}"\n'],
    ['keys of the language', '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n'],
    ['the environment', 'name: $' + '{PATH}\nsecret: $' + '{DATABASE_URL}\n'],
    ['no YAML', '{[}'],
    ['nothing', ''],
    ['50,000 levels', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('%s', async (_what, config) => {
    const { status, body } = await server.call('POST', '/v1/simulations', { config, turns: 1 })
    expect([400, 413, 422], JSON.stringify(body).slice(0, 400)).toContain(status)
    expect(JSON.stringify(body)).not.toContain(process.env['PATH']!)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('as a body', () => {
  const at = ['/tasks', '/api/event-briefs', '/api/v1/workflows', '/v1/simulations', '/v1/keys', '/v1/agents']
  it.each(at)('JSON of 100,000 levels at %s', async (url) => {
    const { status, text } = await send(url, deepJson(100_000), 'application/json')
    expect(status, text.slice(0, 300)).toBe(400)
  })
  it.each(at)('5 MB at %s', async (url) => {
    const { status, text } = await send(url, utf8(`{"x":"${'x'.repeat(5 * MB)}"}`), 'application/json')
    expect([400, 413], text.slice(0, 300)).toContain(status)
  })
  it.each(at)('a type that nobody reads at %s', async (url) => {
    const { status, text } = await send(url, bomb().slice(0, 2_000), 'application/x-troupe')
    expect([400, 415], text.slice(0, 300)).toContain(status)
    expect(text).toMatch(/"(code|error)"/)
  })
})

it('afterwards: nothing was fetched, nothing lies outside, memory was bounded, the server is well', async () => {
  expect(fetched).toEqual([])
  const files = fs.readdirSync(server.dir, { recursive: true }).map(String)
  expect(files.filter((file) => /pwned\.(txt|xml)$/.test(file))).toEqual([])
  expect(fs.existsSync('/tmp/pwned.txt')).toBe(false)
  expect(most / MB).toBeLessThan(MOST_MEMORY / MB)
  expect((await server.call('GET', '/health')).body.status).toBe('healthy')
  expect((await server.call('POST', '/tasks', { description: 'Calculate factorial of 10' })).status).toBe(200)
  console.log(`${HOSTILE_FILES.length} hostile attachments; the process had at most ${Math.round(most / MB)} MB`)
})
