import fc from 'fast-check'
import { extractText, getDocumentProxy } from 'unpdf'
import { expect, test } from 'vitest'
import { arbitraryScreenplay } from './_arbitrary.ts'
import { COLUMNS, LINES_PER_PAGE, layoutScreenplay } from './layout-screenplay.ts'
import { lineText, plain, type Screenplay, type ScreenplayElement } from './model.ts'
import { parseFountain } from './parse-fountain.ts'
import { exportScreenplayPdf } from './screenplay-pdf.ts'

const speech = (lines: number): ScreenplayElement => ({
  type: 'speech',
  character: 'MARA',
  extensions: [],
  parts: Array.from({ length: lines }, (_, i) => ({ kind: 'line', runs: plain(`Line ${i + 1} of it.`) })),
})
const action = (lines: number): ScreenplayElement => ({
  type: 'action',
  lines: Array.from({ length: lines }, (_, i) => plain(`Row ${i + 1}`)),
})
const heading: ScreenplayElement = { type: 'scene_heading', text: 'INT. ROOM - DAY', number: '3' }
const play = (...elements: ScreenplayElement[]): Screenplay => ({ title_page: [], elements })

test('no line leaves its column and no page holds more than its rows', () => {
  fc.assert(
    fc.property(arbitraryScreenplay, (screenplay) => {
      for (const page of layoutScreenplay(screenplay))
        for (const line of page.lines) {
          expect(line.row).toBeLessThan(LINES_PER_PAGE)
          expect(line.column + [...lineText(line.runs)].length).toBeLessThanOrEqual(82)
        }
    }),
    { numRuns: 300 },
  )
})

test('every printed word of the screenplay is on some page', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 5 }), (sizes) => {
      const pages = layoutScreenplay(play(...sizes.map((n, i) => (i % 2 ? speech(n) : action(n)))))
      const text = pages.flatMap((page) => page.lines.map((line) => lineText(line.runs)))
      const rows = text.filter((line) => /^(Row|Line) \d+/.test(line)).length
      expect(rows).toBe(sizes.reduce((a, b) => a + b, 0))
    }),
  )
})

test('a heading never stands alone at the foot of a page', () => {
  for (let n = 40; n < 56; n++) {
    const pages = layoutScreenplay(play(action(n), heading, action(4)))
    const page = pages.find((p) => p.lines.some((l) => lineText(l.runs) === 'INT. ROOM - DAY'))!
    const row = page.lines.find((l) => lineText(l.runs) === 'INT. ROOM - DAY')!.row
    expect(page.lines.filter((l) => l.row > row).length).toBeGreaterThanOrEqual(2)
  }
})

test('a parted speech says (MORE) and repeats its speaker', () => {
  const pages = layoutScreenplay(play(action(40), speech(30)))
  expect(pages).toHaveLength(2)
  expect(pages[0]!.lines.at(-1)).toMatchObject({ column: COLUMNS.character.left, runs: [{ text: '(MORE)' }] })
  expect(lineText(pages[1]!.lines[0]!.runs)).toBe("MARA (CONT'D)")
})

test('simultaneous speeches stand side by side', () => {
  const right = { ...speech(1), dual: true as const } as ScreenplayElement
  const [page] = layoutScreenplay(play(speech(1), right))
  expect(page!.lines.filter((line) => line.row === 1).map((line) => line.column)).toEqual([15, 46])
})

test('the PDF says what the screenplay says, in any script the fonts have, and counts what they lack', async () => {
  const { screenplay } = parseFountain(
    'Title: Маяк\nAuthor: Ł. Żak\n\nINT. LAMP ROOM - NIGHT #1#\n\nThe *lamp* turns. _Slowly._\n\nMARA\nПривет, “Éva” 雨.\n\n[[note]]',
  )
  const file = await exportScreenplayPdf(screenplay)
  const { text } = await extractText(await getDocumentProxy(file.bytes.slice()))
  expect(text[0]).toContain('МАЯК')
  expect(text[1]).toContain('INT. LAMP ROOM - NIGHT')
  expect(text[1]).toContain('Привет')
  expect(text[1]).toContain('“Éva”')
  expect(file.loss).toEqual(['a note is not printed', 'a character that none of the fonts has is written as "?"'])
})

test('the same screenplay gives the same PDF bytes', async () => {
  const screenplay = play(heading, action(3), speech(2))
  const [a, b] = await Promise.all([exportScreenplayPdf(screenplay), exportScreenplayPdf(screenplay)])
  expect(Buffer.compare(a.bytes, b.bytes)).toBe(0)
})
