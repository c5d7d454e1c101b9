import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryScreenplay } from './_arbitrary.ts'
import { parseFountain } from './parse-fountain.ts'
import { printFountain } from './print-fountain.ts'

const read = (text: string) => parseFountain(text).screenplay.elements

test('every screenplay printed as Fountain reads back the same', () => {
  fc.assert(
    fc.property(arbitraryScreenplay, (play) => {
      expect(parseFountain(printFountain(play)).screenplay).toEqual(play)
    }),
    { numRuns: 400 },
  )
})

test('printing what was read changes nothing any more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const once = parseFountain(text).screenplay
      expect(parseFountain(printFountain(once)).screenplay).toEqual(once)
    }),
    { numRuns: 400 },
  )
})

test('a title page is taken off with its indented values', () => {
  const { screenplay } = parseFountain('Title:\n    Signal at Dawn\n    A film\nAuthor: A. Writer\n\nINT. ROOM - DAY\n')
  expect(screenplay.title_page).toEqual([
    { key: 'Title', values: ['Signal at Dawn', 'A film'] },
    { key: 'Author', values: ['A. Writer'] },
  ])
  expect(screenplay.elements).toEqual([{ type: 'scene_heading', text: 'INT. ROOM - DAY' }])
})

test('headings, speeches, transitions and forced forms are recognised', () => {
  expect(
    read(
      '.BINOCULARS #4#\n\nA gull.\nAnother.\n\n@McAvoy (V.O.) ^\n(quietly)\nHello *there*.\n~la la\n\nCUT TO:\n\n> Fade\n\n!INT. not a place',
    ),
  ).toEqual([
    { type: 'scene_heading', text: 'BINOCULARS', number: '4' },
    { type: 'action', lines: [[{ text: 'A gull.' }], [{ text: 'Another.' }]] },
    {
      type: 'speech',
      character: 'McAvoy',
      extensions: ['V.O.'],
      dual: true,
      parts: [
        { kind: 'parenthetical', runs: [{ text: 'quietly' }] },
        { kind: 'line', runs: [{ text: 'Hello ' }, { text: 'there', italic: true }, { text: '.' }] },
        { kind: 'lyric', runs: [{ text: 'la la' }] },
      ],
    },
    { type: 'transition', text: 'CUT TO:' },
    { type: 'transition', text: 'Fade' },
    { type: 'action', lines: [[{ text: 'INT. not a place' }]] },
  ])
})

test('sections, synopses, notes, page breaks and centred lines are kept; comments are left out and named', () => {
  const { screenplay, loss } = parseFountain(
    '# Act one\n\n= She waits.\n\n[[check tides]]\n\n===\n\n> THE END <\n\nA [[really?]] lamp. /* old\n\nscene */',
  )
  expect(screenplay.elements.map((e) => e.type)).toEqual([
    'section',
    'synopsis',
    'note',
    'page_break',
    'action',
    'action',
    'note',
  ])
  expect(loss).toEqual(['a comment (boneyard) is left out'])
})

test('a lone star or a star between blanks is text', () => {
  expect(read('2 * 3 is *six')).toEqual([{ type: 'action', lines: [[{ text: '2 * 3 is *six' }]] }])
})

test('a speech goes on over a line of two blanks', () => {
  expect(read('MARA\nOne.\n  \nTwo.')).toMatchObject([{ type: 'speech', parts: [{}, {}] }])
})
