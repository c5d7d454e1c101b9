import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { arbitraryScreenplay } from './_arbitrary.ts'
import type { Screenplay, ScreenplayElement } from './model.ts'
import { readFdx } from './read-fdx.ts'
import { exportFdx } from './write-fdx.ts'

/** What the format carries, said independently of the writer: the property compares with this. */
function carried(play: Screenplay): Screenplay {
  const elements: ScreenplayElement[] = []
  for (const element of play.elements) {
    const last = elements.at(-1)
    if (element.type === 'section') continue
    if (element.type === 'synopsis' && play.elements[play.elements.indexOf(element) - 1]?.type !== 'scene_heading')
      continue
    if (element.type === 'page_break' && last?.type === 'page_break') continue
    const previous = play.elements[play.elements.indexOf(element) - 1]
    if (element.type === 'speech' && element.dual && previous?.type !== 'speech') {
      const { dual: _, ...alone } = element
      elements.push(alone)
    } else elements.push(element)
  }
  if (elements.at(-1)?.type === 'page_break') elements.pop()
  return { title_page: play.title_page, elements }
}

test('every screenplay written as FDX reads back, but for what is listed as lost', () => {
  fc.assert(
    fc.property(arbitraryScreenplay, (play) => {
      const file = exportFdx(play)
      const kept = carried(play)
      expect(readFdx(file.bytes).screenplay).toEqual(kept)
      expect(file.loss.length > 0).toBe(JSON.stringify(kept) !== JSON.stringify(play))
    }),
    { numRuns: 400 },
  )
})

const bytes = (text: string) => new TextEncoder().encode(text)
const doc = (content: string) =>
  bytes(`<FinalDraft DocumentType="Script" Version="5"><Content>${content}</Content></FinalDraft>`)

test('simultaneous speeches, soft returns, notes and numbers are read', () => {
  const { screenplay } = readFdx(
    doc(
      '<Paragraph Number="7" Type="Scene Heading"><Text>INT. ROOM</Text></Paragraph>' +
        '<Paragraph><DualDialogue><Paragraph Type="Character"><Text>ANN (O.S.)</Text></Paragraph><Paragraph Type="Dialogue"><Text>One&#10;two</Text></Paragraph>' +
        '<Paragraph Type="Character"><Text>BO</Text></Paragraph><Paragraph Type="Dialogue"><Text Style="Bold+Italic">Three</Text></Paragraph></DualDialogue></Paragraph>' +
        '<Paragraph Type="Action"><ScriptNote><Paragraph><Text>check</Text></Paragraph></ScriptNote><Text>A &amp; B</Text></Paragraph>',
    ),
  )
  expect(screenplay.elements).toEqual([
    { type: 'scene_heading', text: 'INT. ROOM', number: '7' },
    {
      type: 'speech',
      character: 'ANN',
      extensions: ['O.S.'],
      parts: [
        { kind: 'line', runs: [{ text: 'One' }] },
        { kind: 'line', runs: [{ text: 'two' }] },
      ],
    },
    {
      type: 'speech',
      character: 'BO',
      extensions: [],
      dual: true,
      parts: [{ kind: 'line', runs: [{ text: 'Three', bold: true, italic: true }] }],
    },
    { type: 'action', lines: [[{ text: 'A & B' }]] },
    { type: 'note', text: 'check' },
  ])
})

test.each([
  [
    'an entity declaration',
    bytes('<!DOCTYPE x [<!ENTITY a "aaaa">]><FinalDraft><Content/></FinalDraft>'),
    /document type or entities/,
  ],
  ['binary data', new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), /not UTF-8/],
  ['a null character', bytes('<FinalDraft>\u0000</FinalDraft>'), /binary/],
  ['broken XML', bytes('<FinalDraft><Content></FinalDraft>'), /not valid XML/],
  ['another document', bytes('<html><body/></html>'), /not a Final Draft screenplay/],
  [
    'too deep a nesting',
    bytes(`<FinalDraft><Content>${'<a>'.repeat(500)}${'</a>'.repeat(500)}</Content></FinalDraft>`),
    /not valid XML/,
  ],
])('%s is refused', (_, data, message) => {
  expect(() => readFdx(data)).toThrow(message)
})

test('a file above the size limit is refused before it is parsed', () => {
  expect(() => readFdx(new Uint8Array(16 * 1024 * 1024 + 1))).toThrow(/may have/)
})

test('an independent parser finds the paragraphs that were written', () => {
  const file = exportFdx({
    title_page: [{ key: 'Title', values: ['A & B'] }],
    elements: [
      { type: 'scene_heading', text: 'EXT. PIER - DAWN', number: '1' },
      {
        type: 'speech',
        character: 'MARA',
        extensions: ['V.O.'],
        parts: [{ kind: 'line', runs: [{ text: '5 < 6 "yes"' }] }],
      },
      { type: 'section', depth: 1, text: 'Act' },
    ],
  })
  const tree = new XMLParser({ ignoreAttributes: false }).parse(new TextDecoder().decode(file.bytes))
  expect(tree.FinalDraft.Content.Paragraph).toEqual([
    { '@_Type': 'Scene Heading', '@_Number': '1', Text: 'EXT. PIER - DAWN' },
    { '@_Type': 'Character', Text: 'MARA (V.O.)' },
    { '@_Type': 'Dialogue', Text: '5 < 6 "yes"' },
  ])
  expect(file.loss).toEqual(['a section heading is left out'])
  expect(file.name).toBe('A-B.fdx')
})
