import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { readXlsx } from 'hucre/xlsx'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseCaptions } from '../../src/movies/exports/captions/captions.ts'
import { LocalStudio } from '../../src/movies/studio/local-studio.ts'
import type { TestServer } from '../_server.ts'
import { artifact, bodyB, create, decide, ended, moviesServer, pending, tasks } from './_movies.ts'

let server: TestServer
let id: string
const GOLDEN = path.join(import.meta.dirname, '../../src/movies/exports/golden')
const api = (method: string, at: string, body?: unknown) => server.call(method, `/api/v1${at}`, body)

beforeAll(async () => {
  server = await moviesServer({ parts: { studio: new LocalStudio() } })
  const made = await create(
    server,
    bodyB({ target_duration: 12, custom_parameters: { profile: 'standard', resolution: '640x360' } }),
  )
  id = made.workflow_id
  await pending(server, id, 'story_approval_001')
  await decide(server, id, 'story_approval_001', 'approved')
  await pending(server, id, 'final_approval_001')
}, 180_000)
afterAll(() => server[Symbol.asyncDispose]())

async function download(format: string) {
  const response = await fetch(`${server.url}/api/v1/workflows/${id}/exports/${format}`)
  expect(response.status).toBe(200)
  return { bytes: new Uint8Array(await response.arrayBuffer()), headers: response.headers }
}
const text = async (format: string) => new TextDecoder().decode((await download(format)).bytes)

test('every format is listed with its size and what it cannot carry, and downloads as listed', async () => {
  const { status, body } = await api('GET', `/workflows/${id}/exports`)
  expect(status).toBe(200)
  expect(body.exports).toHaveLength(13)
  for (const row of body.exports) {
    expect(row).toMatchObject({
      available: true,
      loss: expect.any(Array),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const { bytes, headers } = await download(row.format)
    expect(bytes.byteLength).toBe(row.bytes)
    expect(headers.get('content-type')).toContain(row.mime.split(';')[0])
    expect(headers.get('content-disposition')).toContain(row.ending)
    expect(headers.get('x-export-loss-count')).toBe(String(row.loss.length))
  }
})

test('the exports of a real production are read back by other parsers', async () => {
  const fdx = await text('screenplay_fdx')
  expect(XMLValidator.validate(fdx)).toBe(true)
  const paragraphs = new XMLParser({ ignoreAttributes: false }).parse(fdx).FinalDraft.Content.Paragraph
  expect(paragraphs.filter((p: any) => p['@_Type'] === 'Scene Heading').length).toBeGreaterThanOrEqual(3)
  const rows = parseCsv(await text('shot_list_csv'), { columns: true, bom: true }) as Record<string, string>[]
  const board = (await artifact(server, id, 'storyboard_frames')).content.frames
  expect(rows.map((row) => row['Frame'])).toEqual(board.map((f: any) => f.frame_id))
  const book = await readXlsx((await download('shot_list_xlsx')).bytes)
  expect(book.sheets[0]!.rows).toHaveLength(board.length + 1)
  for (const format of ['screenplay_pdf', 'storyboard_pdf', 'characters_pdf', 'report_pdf']) {
    const { text: pages } = await extractText(await getDocumentProxy((await download(format)).bytes), {
      mergePages: true,
    })
    expect(pages.toLowerCase()).toContain('signal at dawn')
  }
})

test('captions stand in the time of their scene, and are the same in SRT and VTT', async () => {
  const cut = (await artifact(server, id, 'final_edit')).content
  const srt = parseCaptions(await text('subtitles_srt'))
  const vtt = parseCaptions(await text('subtitles_vtt'))
  expect(srt.map((c) => [c.start, c.end])).toEqual(vtt.map((c) => [c.start, c.end]))
  const sceneOf = new Map<string, number>()
  for (const task of await tasks(server, id))
    if (task.task_type === 'segments') sceneOf.set(task.input_data.segment_id, task.input_data.scene_number)
  const { scenes } = (await artifact(server, id, 'dialogue_script')).content
  const lines = scenes.flatMap((scene: any) => scene.lines.map((line: any) => ({ ...line, scene: scene.scene_number })))
  expect(srt).toHaveLength(lines.length)
  srt.forEach((cue, i) => {
    const own = cut.edit_timeline.filter((e: any) => sceneOf.get(e.segment_id) === lines[i].scene)
    expect(cue.start).toBeGreaterThanOrEqual(Math.round(own[0].start_time * 1000))
    expect(cue.start).toBeLessThan(Math.round(own.at(-1).end_time * 1000))
    expect(cue.end).toBeLessThanOrEqual(Math.round(cut.duration_seconds * 1000))
    if (i > 0) expect(cue.start).toBeGreaterThanOrEqual(srt[i - 1]!.end)
  })
})

test('the clips of the timeline are the segments of the cut', async () => {
  const otio = JSON.parse(await text('timeline_otio'))
  const cut = (await artifact(server, id, 'final_edit')).content
  const picture = otio.tracks.children.find((track: any) => track.kind === 'Video')
  const clips = picture.children.filter((c: any) => c.OTIO_SCHEMA.startsWith('Clip'))
  const seconds = clips.reduce(
    (sum: number, c: any) => sum + c.source_range.duration.value / c.source_range.duration.rate,
    0,
  )
  expect(seconds).toBeCloseTo(cut.duration_seconds, 1)
})

test('an unknown format and one whose artifacts are not made yet are 404', async () => {
  expect((await api('GET', `/workflows/${id}/exports/betamax`)).body.code).toBe('ARTIFACT_NOT_FOUND')
  const early = await create(server, bodyB())
  const { body } = await api('GET', `/workflows/${early.workflow_id}/exports/storyboard_pdf`)
  expect(body).toMatchObject({ code: 'ARTIFACT_NOT_FOUND', details: { missing: ['storyboard_frames'] } })
  await api('POST', `/workflows/${early.workflow_id}/cancel`)
})

test.each(['lighthouse.fountain', 'lighthouse.fdx'])('%s is read and a workflow starts from it', async (name) => {
  const screenplay = readFileSync(path.join(GOLDEN, name), 'utf8')
  const read = await api('POST', '/screenplays/import', { name, text: screenplay })
  expect(read.status).toBe(200)
  expect(read.body.format).toBe(path.extname(name).slice(1))
  expect(read.body.loss).toEqual(expect.any(Array))
  const made = await create(
    server,
    bodyB({ title: read.body.title, custom_parameters: { profile: 'standard', artifacts: read.body.artifacts } }),
  )
  const w = await pending(server, made.workflow_id, 'story_approval_001')
  expect((await artifact(server, w.workflow_id, 'scene_list')).content.scenes).toEqual(
    read.body.artifacts.scene_list.scenes,
  )
  expect((await tasks(server, w.workflow_id)).map((t) => t.task_type)).not.toContain('scene_list')
  await api('POST', `/workflows/${w.workflow_id}/cancel`)
})

const fdx = (inside: string, head = '') =>
  `<?xml version="1.0"?>${head}<FinalDraft DocumentType="Script"><Content>${inside}</Content></FinalDraft>`
const LAUGHS = `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(50)}"><!ENTITY c "${'&b;'.repeat(50)}">]>`

test.each([
  ['entities that grow', { name: 'a.fdx', text: fdx('<Paragraph Type="Action"><Text>&c;</Text></Paragraph>', LAUGHS) }],
  [
    'an entity that reads a file',
    {
      name: 'a.fdx',
      text: fdx('<Paragraph><Text>&x;</Text></Paragraph>', '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    },
  ],
  ['XML that is no screenplay', { name: 'a.fdx', text: '<html><body>no</body></html>' }],
  ['broken XML', { name: 'a.fdx', text: '<FinalDraft><Content><Paragraph>' }],
  ['binary content', { name: 'a.fdx', content_base64: Buffer.from([80, 75, 3, 4, 0, 1, 2, 255]).toString('base64') }],
  ['binary content read as text', { name: 'a.fountain', text: 'PK\u0003\u0004\ufffd\ufffd' }],
  [
    'text in another encoding',
    { name: 'a.fountain', content_base64: Buffer.from('INT. CAF\xc9 - DAY', 'latin1').toString('base64') },
  ],
  ['an empty file', { name: 'a.fountain', text: '' }],
  ['no scene', { name: 'a.fountain', text: '# Only a heading' }],
  ['a huge script', { name: 'a.fountain', text: `INT. ROOM - DAY\n\n${'x'.repeat(4 * 1024 * 1024)}` }],
  ['no text at all', { name: 'a.fountain' }],
  ['no name', { text: 'INT. ROOM - DAY\n\nRain.' }],
])('%s is refused with the reason', async (_name, body) => {
  const { status, body: answer } = await api('POST', '/screenplays/import', body)
  expect([status, answer.code]).toEqual([400, 'VALIDATION_ERROR'])
  expect(answer.details.fields[0].message.length).toBeGreaterThan(5)
})

test('a file beyond the limit of the route is 413', async () => {
  const { status } = await api('POST', '/screenplays/import', { name: 'a.fountain', text: 'x'.repeat(7 * 1024 * 1024) })
  expect(status).toBe(413)
})

test('one shot is approved, rejected, and made again in place: its segment and the film follow, nothing else', async () => {
  const before = await api('GET', `/workflows/${id}/shots`)
  const [first, second] = before.body.shots
  expect(first.takes).toHaveLength(1)
  expect(first.takes[0]).toMatchObject({ take: 1, current: true, verdict: null, score: 100 })
  const approved = await api('POST', `/workflows/${id}/shots/${second.frame_id}/approve`, { note: 'keep' })
  expect(approved.body.takes[0]).toMatchObject({ verdict: 'approved', note: 'keep' })
  const edit = await artifact(server, id, 'final_edit')
  const again = await api('POST', `/workflows/${id}/shots/${first.frame_id}/regenerate`, { note: 'closer on the face' })
  expect(again.status).toBe(200)
  expect(again.body.takes[0]).toMatchObject({ verdict: 'rejected', note: 'closer on the face' })
  await pending(server, id, 'final_approval_002')
  const after = (await api('GET', `/workflows/${id}/shots`)).body.shots
  expect(after.map((s: any) => s.takes.length)).toEqual(
    before.body.shots.map((_: unknown, i: number) => (i === 0 ? 2 : 1)),
  )
  expect(after[0].takes[1]).toMatchObject({ take: 2, current: true, verdict: null })
  expect(after[0].takes[1].image_url).not.toBe(after[0].takes[0].image_url)
  const frameTask = (await tasks(server, id)).findLast((t) => t.task_type === 'frames')
  expect(frameTask.input_data.feedback).toContain('closer on the face')
  const segments = (await tasks(server, id)).filter((t) => t.task_type === 'segments')
  const twice = segments.filter((t) => t.input_data.segment_id === first.segment_id)
  expect([segments.length, twice.length]).toEqual([new Set(segments.map((t) => t.input_data.segment_id)).size + 1, 2])
  expect((await artifact(server, id, 'final_edit')).version).toBe(edit.version + 1)
  for (const [at, code] of [
    [`shots/SCENE_99_SHOT_1/approve`, 'ARTIFACT_NOT_FOUND'],
    [`shots/SCENE_99_SHOT_1/regenerate`, 'ARTIFACT_NOT_FOUND'],
  ] as const)
    expect((await api('POST', `/workflows/${id}/${at}`, {})).body).toMatchObject({ code })
  await decide(server, id, 'final_approval_002', 'approved')
  await ended(server, id)
  expect((await api('POST', `/workflows/${id}/shots/${first.frame_id}/regenerate`, {})).body.code).toBe('INVALID_STATE')
})
