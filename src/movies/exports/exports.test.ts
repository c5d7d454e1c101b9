import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { readXlsx } from 'hucre/xlsx'
import { extractText, getDocumentProxy } from 'unpdf'
import { expect, test, vi } from 'vitest'
import { lighthouse } from './_lighthouse.ts'
import { type Cue, parseCaptions, printSrt, printVtt } from './captions/captions.ts'
import { availableExports, EXPORT_FORMATS, type ExportFormat, exportKind } from './export-table.ts'
import { importScreenplay } from './import-screenplay.ts'
import type { Production } from './production.ts'
import { parseFountain } from './screenplay/parse-fountain.ts'
import { readFdx } from './screenplay/read-fdx.ts'

const make = (format: ExportFormat, production = lighthouse) => exportKind(format).make(production)
const text = async (format: ExportFormat, production = lighthouse) =>
  new TextDecoder().decode((await make(format, production)).bytes)
const bare: Production = { ...lighthouse, artifacts: {}, record: null }

const GOLDEN = path.join(import.meta.dirname, 'golden')
/** Compares with the kept file; with UPDATE_GOLDEN=1 keeps the new one. */
function expectGolden(name: string, actual: string): void {
  const file = path.join(GOLDEN, name)
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(GOLDEN, { recursive: true })
    writeFileSync(file, actual)
  }
  expect(actual).toBe(readFileSync(file, 'utf8'))
}

test.each([
  ['screenplay_fountain', 'lighthouse.fountain'],
  ['screenplay_fdx', 'lighthouse.fdx'],
  ['shot_list_csv', 'lighthouse.csv'],
  ['timeline_otio', 'lighthouse.otio'],
  ['subtitles_srt', 'lighthouse.srt'],
  ['subtitles_vtt', 'lighthouse.vtt'],
  ['characters_md', 'lighthouse-characters.md'],
  ['report_md', 'lighthouse-report.md'],
] as const)('%s is what it was', async (format, name) => {
  expectGolden(name, await text(format))
})

const pdfText = async (format: ExportFormat) => {
  const { text: pages } = await extractText(await getDocumentProxy((await make(format)).bytes.slice()), {
    mergePages: false,
  })
  return `${pages.join('\n\f\n')}\n`
}

test.each([
  ['screenplay_pdf', 'lighthouse-screenplay.pdf.txt'],
  ['storyboard_pdf', 'lighthouse-storyboard.pdf.txt'],
  ['characters_pdf', 'lighthouse-characters.pdf.txt'],
  ['report_pdf', 'lighthouse-report.pdf.txt'],
] as const)('%s, read by another program, says page by page what it said', async (format, name) => {
  expectGolden(name, await pdfText(format))
})

test('the workbook, read by another program, has the rows it had', async () => {
  const book = await readXlsx((await make('shot_list_xlsx')).bytes)
  const sheets = book.sheets.map(({ name, rows }) => ({ name, rows }))
  expectGolden('lighthouse.xlsx.txt', `${JSON.stringify(sheets, null, 1)}\n`)
})

test('what each format leaves out is what it left out', async () => {
  const losses: Record<string, string[]> = {}
  for (const format of EXPORT_FORMATS) losses[format] = (await make(format)).loss
  expectGolden('lighthouse-losses.txt', `${JSON.stringify(losses, null, 2)}\n`)
})

test('every export of a full production names itself, has bytes and is the same at another time', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  for (const format of EXPORT_FORMATS) {
    vi.setSystemTime(new Date('2026-02-03T04:05:06Z'))
    const a = await make(format)
    vi.setSystemTime(new Date('2031-10-11T12:13:14Z'))
    const b = await make(format)
    expect(a.bytes.length).toBeGreaterThan(20)
    expect(a.name.endsWith(exportKind(format).ending)).toBe(true)
    expect(a.mime).toBe(exportKind(format).mime)
    expect(Buffer.compare(a.bytes, b.bytes), format).toBe(0)
  }
  vi.useRealTimers()
})

test('every export of an empty production still makes a readable file', async () => {
  for (const format of EXPORT_FORMATS) {
    const file = await make(format, bare)
    expect(file.name.endsWith(exportKind(format).ending)).toBe(true)
    // A subtitle file without captions is an empty file.
    if (format !== 'subtitles_srt') expect(file.bytes.length).toBeGreaterThan(0)
  }
})

test('formats are offered when their artifacts exist', () => {
  expect(availableExports([])).toEqual(['report_pdf', 'report_md'])
  expect(availableExports(Object.keys(lighthouse.artifacts))).toEqual(EXPORT_FORMATS)
})

test('Fountain and FDX of one production say the same', async () => {
  const fountain = parseFountain(await text('screenplay_fountain')).screenplay
  const fdx = readFdx((await make('screenplay_fdx')).bytes).screenplay
  expect(fdx).toEqual(fountain)
})

test('an exported screenplay imported again gives the scenes, people and lines back', async () => {
  const { artifacts, loss } = importScreenplay((await make('screenplay_fdx')).bytes)
  expect(artifacts.scene_list!.scenes.map((s) => [s.location, s.goal, s.primary_characters])).toEqual([
    ['Lighthouse Lamp Room', 'Mara learns that the lighthouse will be closed', ['Mara', 'Tomas']],
    ['Old Pier', 'Tomas hides the key on the pier', []],
    ['Lighthouse Lamp Room', 'They light it once more, together', ['Mara']],
  ])
  expect(artifacts.character_profiles!.characters.map((c) => [c.name, c.role])).toEqual([
    ['Mara', 'protagonist'],
    ['Tomas', 'antagonist'],
  ])
  expect(artifacts.dialogue_script!.scenes[0]!.lines.map((l) => [l.line_id, l.text, l.direction])).toEqual([
    ['S1_L1', 'They have sent the letter.', 'without turning'],
    ['S1_L2', 'Then I never read it.', ''],
    ['S1_L3', 'Do you hear me?', ''],
  ])
  expect(loss).toEqual(['a transition is left out'])
})

test.each([
  ['an empty file', new Uint8Array(), /empty/],
  ['a binary file', new Uint8Array([80, 75, 3, 4, 0]), /binary/],
  ['text without a scene', new TextEncoder().encode('# Only a heading'), /no scene/],
])('%s is refused as a screenplay', (_, bytes, message) => {
  expect(() => importScreenplay(bytes)).toThrow(message)
})

test('the CSV is read back by another parser, and no cell is a formula', async () => {
  const rows = parse(await text('shot_list_csv'), { columns: true, bom: true }) as Record<string, string>[]
  expect(rows.map((row) => [row['Frame'], row['Start (s)'], row['Angle']])).toEqual([
    ['SCENE_1_SHOT_1', '0', 'wide'],
    ['SCENE_1_SHOT_2', '6', 'medium'],
    ['SCENE_2_SHOT_1', '10', "'=low wide"],
    ['SCENE_3_SHOT_1', '20', 'close-up'],
  ])
})

test('the workbook is read back: shots and totals by scene', async () => {
  const book = await readXlsx((await make('shot_list_xlsx')).bytes)
  expect(book.sheets.map((s) => s.name)).toEqual(['Shots', 'Scenes'])
  expect(book.sheets[0]!.rows).toHaveLength(5)
  expect(book.sheets[1]!.rows.slice(1)).toEqual([
    [1, 'Lighthouse lamp room', 2, 10],
    [2, 'Old pier', 1, 10],
    [3, 'Lighthouse lamp room', 1, 10],
  ])
})

test.each(['storyboard_pdf', 'characters_pdf', 'report_pdf', 'screenplay_pdf'] as const)(
  '%s can be read',
  async (format) => {
    const { text: pages } = await extractText(await getDocumentProxy((await make(format)).bytes.slice()), {
      mergePages: true,
    })
    expect(pages).toMatch(/Mara|MARA/)
  },
)

test('clips of the timeline cover the film without gap, in whole frames', async () => {
  const otio = JSON.parse(await text('timeline_otio'))
  const clips = otio.tracks.children[0].children.filter((c: { OTIO_SCHEMA: string }) => c.OTIO_SCHEMA === 'Clip.2')
  const total = clips.reduce((sum: number, c: any) => sum + c.source_range.duration.value, 0)
  expect(total).toBe(30 * 24)
  expect(otio.tracks.markers).toHaveLength(4)
})

test('captions survive printing and reading, in both formats', () => {
  const cue = fc
    .record({
      start: fc.integer({ min: 0, max: 10_000_000 }),
      length: fc.integer({ min: 1, max: 9_999 }),
      text: fc
        .array(fc.stringMatching(/^[A-Za-z<>&→é]{1,10}$/), { minLength: 1, maxLength: 5 })
        .map((w) => w.join(' ')),
      speaker: fc.option(fc.stringMatching(/^[A-Z&<][a-z]{0,6}$/), { nil: undefined }),
    })
    .map(
      (c): Cue => ({
        start: c.start,
        end: c.start + c.length,
        ...(c.speaker ? { speaker: c.speaker } : {}),
        text: c.text,
      }),
    )
  fc.assert(
    fc.property(fc.array(cue, { minLength: 1, maxLength: 6 }), (cues) => {
      expect(parseCaptions(printVtt(cues))).toEqual(cues)
      const spoken = cues.map((c) => ({
        start: c.start,
        end: c.end,
        text: c.speaker ? `${c.speaker}: ${c.text}` : c.text,
      }))
      expect(parseCaptions(printSrt(cues))).toEqual(spoken)
    }),
  )
})

test('a caption without times or that ends before it starts is refused', () => {
  expect(() => parseCaptions('1\nhello')).toThrow(/no times/)
  expect(() => parseCaptions('1\n00:00:02,000 --> 00:00:01,000\nhello')).toThrow(/ends before/)
})
