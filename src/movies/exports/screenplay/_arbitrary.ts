import fc from 'fast-check'
import type { Line, Screenplay, ScreenplayElement } from './model.ts'
import { normaliseScreenplay } from './normalise-screenplay.ts'

/** Screenplays for property tests: hostile text on purpose (marks, blanks, prefixes that mean something elsewhere). */
const word = fc.oneof(
  fc.stringMatching(/^[A-Za-zÀ-ž0-9]{1,8}$/),
  fc.constantFrom('*', '**', '_', '\\', '[[', ']]', '/*', '*/', '#', '=', '>', '<', '.', '!', '@', '~', '(', ')', '^'),
  fc.constantFrom('INT.', 'TO:', 'CUT TO:', 'Title: x', 'ÉVA', '&amp;', '<Text>', '"', "'", '—', '雨'),
)
const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
const glued = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(''))
const flag = fc.constantFrom(undefined, true as const)
const line: fc.Arbitrary<Line> = fc.array(
  fc.record({ text: fc.oneof(text, glued, fc.constant(' a ')), bold: flag, italic: flag, underline: flag }),
  { minLength: 1, maxLength: 4 },
)
const quiet = text.map((value) =>
  value.replaceAll('[[', '').replaceAll(']]', '').replaceAll('/*', '').replaceAll('#', ''),
)
const name = fc.oneof(fc.constantFrom('MARA', 'Dr. Ito', 'INT. VOICE', 'CUT TO:', '2ND GUARD', 'é'), quiet)

const element: fc.Arbitrary<ScreenplayElement> = fc.oneof(
  fc.record({ type: fc.constant('scene_heading' as const), text: fc.oneof(quiet, fc.constantFrom('INT. ROOM - DAY')) }),
  fc.record({ type: fc.constant('scene_heading' as const), text: quiet, number: fc.constantFrom('1', '12A') }),
  fc.record({ type: fc.constant('action' as const), lines: fc.array(line, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    type: fc.constant('action' as const),
    centered: fc.constant(true as const),
    lines: fc.array(line, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    type: fc.constant('speech' as const),
    character: name,
    extensions: fc.array(fc.constantFrom('V.O.', "CONT'D", 'O.S.'), { maxLength: 2 }),
    parts: fc.array(fc.record({ kind: fc.constantFrom('line', 'parenthetical', 'lyric'), runs: line }), {
      maxLength: 4,
    }),
  }) as fc.Arbitrary<ScreenplayElement>,
  fc.record({
    type: fc.constant('transition' as const),
    text: fc.oneof(quiet, fc.constantFrom('CUT TO:', 'FADE OUT.')),
  }),
  fc.record({ type: fc.constant('section' as const), depth: fc.integer({ min: 1, max: 6 }), text: quiet }),
  fc.record({ type: fc.constant('synopsis' as const), text: quiet }),
  fc.record({ type: fc.constant('note' as const), text: quiet }),
  fc.constant({ type: 'page_break' as const }),
)

export const arbitraryScreenplay: fc.Arbitrary<Screenplay> = fc
  .record({
    title_page: fc.uniqueArray(
      fc.record({
        key: fc.constantFrom('Title', 'Credit', 'Author', 'Draft date'),
        values: fc.array(quiet, { maxLength: 2 }),
      }),
      { selector: (field) => field.key, maxLength: 4 },
    ),
    elements: fc.array(element, { maxLength: 12 }),
  })
  .map((play) => normaliseScreenplay(play as Screenplay))
