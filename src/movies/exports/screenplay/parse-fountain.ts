import { LossList } from '../export-file.ts'
import { isCue, isTransition, TITLE_KEY } from './classify-line.ts'
import { parseLine } from './emphasis.ts'
import { HEADING, type Screenplay, type ScreenplayElement, type SpeechPart, type TitleField } from './model.ts'
import { normaliseScreenplay } from './normalise-screenplay.ts'

const NOTE = /(?<!\\)\[\[([\s\S]*?)\]\]/g
const BONEYARD = /(?<!\\)\/\*[\s\S]*?\*\//g

type Parsed = { screenplay: Screenplay; loss: string[] }

/** Takes the title page off: `Key: value` lines up to the first blank line, further values indented below their key. */
function takeTitlePage(lines: string[]): { fields: TitleField[]; rest: string[] } {
  const end = lines.findIndex((line) => line.trim() === '')
  const head = end === -1 ? lines : lines.slice(0, end)
  const fields: TitleField[] = []
  for (const line of head) {
    const key = TITLE_KEY.exec(line)?.[0]
    if (key) {
      const value = line.slice(key.length).trim()
      fields.push({ key: key.slice(0, -1), values: value === '' ? [] : [value] })
    } else if (fields.length > 0 && /^\s+\S/.test(line)) fields.at(-1)!.values.push(line.trim())
    else return { fields: [], rest: lines }
  }
  if (fields.every((field) => field.values.length === 0)) return { fields: [], rest: lines }
  return { fields, rest: end === -1 ? [] : lines.slice(end + 1) }
}

const SECTION = /^(#{1,6})\s*(.+)$/
const PAGE_BREAK = /^={3,}\s*$/
const SYNOPSIS = /^=\s*([^=].*)$/
const LONE_NOTE = /^\u0001(\d+)\u0002$/

/** Groups lines into blocks: a blank line ends one; sections, synopses and page breaks stand alone. */
function blocksOf(lines: string[]): string[][] {
  const blocks: string[][] = []
  let open: string[] = []
  const close = () => {
    if (open.length > 0) blocks.push(open)
    open = []
  }
  for (const raw of lines) {
    const line = raw.replace(/\t/g, '    ')
    const inSpeech = open.length > 0 && isCue(open[0]!)
    // Two blanks on an otherwise empty line keep a speech going.
    if (line.trim() === '' && !(inSpeech && /^ {2,}$/.test(line))) close()
    else if (!inSpeech && [SECTION, PAGE_BREAK, SYNOPSIS].some((rule) => rule.test(line))) {
      close()
      blocks.push([line])
    } else open.push(line)
  }
  close()
  return blocks
}

function speech(lines: string[]): ScreenplayElement {
  const dual = /\^\s*$/.test(lines[0]!)
  const cue = lines[0]!.replace(/^@/, '').replace(/\^\s*$/, '')
  const extensions = [...cue.matchAll(/\(([^()]*)\)/g)].map((match) => match[1]!)
  const parts: SpeechPart[] = lines.slice(1).map((line) => {
    const text = line.trim()
    if (text.startsWith('~')) return { kind: 'lyric', runs: parseLine(text.slice(1)) }
    if (/^\(.*\)$/.test(text)) return { kind: 'parenthetical', runs: parseLine(text.slice(1, -1)) }
    return { kind: 'line', runs: parseLine(text) }
  })
  return {
    type: 'speech',
    character: cue.replace(/\([^()]*\)/g, ' '),
    extensions,
    ...(dual ? { dual: true } : {}),
    parts,
  }
}

function sceneHeading(line: string): ScreenplayElement {
  const number = /\s*#([^#]+)#\s*$/.exec(line)
  const text = number ? line.slice(0, number.index) : line
  return { type: 'scene_heading', text, ...(number ? { number: number[1]!.trim() } : {}) }
}

const action = (lines: string[]): ScreenplayElement => ({
  type: 'action',
  lines: lines.map((line) => parseLine(line.trim().replace(/^[!~]/, ''))),
})

const isCentered = (line: string) => /^>.*<\s*$/.test(line.trim())

function element(lines: string[]): ScreenplayElement {
  const first = lines[0]!
  if (first.startsWith('!')) return action(lines)
  const section = SECTION.exec(first)
  if (section) return { type: 'section', depth: section[1]!.length, text: section[2]! }
  if (PAGE_BREAK.test(first)) return { type: 'page_break' }
  const synopsis = SYNOPSIS.exec(first)
  if (synopsis) return { type: 'synopsis', text: synopsis[1]! }
  if (lines.every(isCentered))
    return { type: 'action', centered: true, lines: lines.map((l) => parseLine(l.trim().slice(1, -1).trim())) }
  if (lines.length === 1) {
    if (/^\.[^.]/.test(first)) return sceneHeading(first.slice(1))
    if (first.startsWith('>')) return { type: 'transition', text: first.slice(1) }
    if (HEADING.test(first.trim())) return sceneHeading(first.trim())
    if (isTransition(first.trim())) return { type: 'transition', text: first }
  }
  if (lines.length > 1 && isCue(first)) return speech(lines)
  if (lines.length > 1 && (HEADING.test(first) || /^\.[^.]/.test(first)))
    return { ...sceneHeading(first.replace(/^\./, '')) }
  return action(lines)
}

/** Elements of one block; a heading directly followed by text, without a blank line, gives both. */
function elements(lines: string[]): ScreenplayElement[] {
  const found = element(lines)
  return found.type === 'scene_heading' && lines.length > 1 ? [found, ...elements(lines.slice(1))] : [found]
}

/**
 * Reads Fountain text. Comments (`/* … *\/`) are left out and named in `loss`; a note inside a text becomes an element
 * of its own behind that text. Any text is some screenplay: nothing is refused.
 */
export function parseFountain(source: string): Parsed {
  const loss = new LossList()
  const notes: string[] = []
  const text = source
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0001\u0002]/g, '')
    .replace(BONEYARD, () => {
      loss.add('a comment (boneyard) is left out')
      return ''
    })
    .replace(NOTE, (_, note: string) => `\u0001${notes.push(note) - 1}\u0002`)
  const { fields, rest } = takeTitlePage(text.split('\n'))
  const found: ScreenplayElement[] = []
  for (const lines of blocksOf(rest)) {
    const inside: number[] = []
    const kept = lines
      .map((line) => {
        const lone = LONE_NOTE.exec(line.trim())
        const without = line.replace(/\u0001(\d+)\u0002/g, (_, n: string) => {
          inside.push(Number(n))
          return ''
        })
        return lone ? null : without
      })
      .filter((line) => line !== null)
    if (kept.length > 0) found.push(...elements(kept))
    for (const n of inside) found.push({ type: 'note', text: notes[n]! })
  }
  return { screenplay: normaliseScreenplay({ title_page: fields, elements: found }), loss: loss.list() }
}
