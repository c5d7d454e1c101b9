import { type ExportFile, fileName, LossList, utf8 } from '../export-file.ts'
import {
  type Line,
  lineText,
  type Run,
  type Screenplay,
  type ScreenplayElement,
  type Speech,
  titleField,
} from './model.ts'
import { normaliseScreenplay } from './normalise-screenplay.ts'

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' }
const xml = (text: string) => text.replace(/[&<>"\n]/g, (c) => ESCAPES[c]!)
const attributes = (pairs: Record<string, string | undefined>) =>
  Object.entries(pairs)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${xml(value!)}"`)
    .join('')

const STYLE_NAMES = [
  ['bold', 'Bold'],
  ['italic', 'Italic'],
  ['underline', 'Underline'],
] as const

/** Text elements of one paragraph; lines are separated by a line break inside the text. */
function texts(lines: Line[]): string {
  const runs = lines.flatMap((line, i): Run[] => (i === 0 ? line : [{ text: '\n' }, ...line]))
  return runs
    .map((run) => {
      const style = STYLE_NAMES.filter(([key]) => run[key])
      const name = style.map(([, label]) => label).join('+')
      return `<Text${attributes({ Style: name === '' ? undefined : name })}>${xml(run.text)}</Text>`
    })
    .join('')
}

type Paragraph = { type: string; lines: Line[]; extra?: Record<string, string>; inner?: string }
const paragraph = ({ type, lines, extra = {}, inner = '' }: Paragraph) =>
  `<Paragraph${attributes({ Type: type, ...extra })}>${inner}${texts(lines)}</Paragraph>`

const plainLine = (text: string): Line[] => [[{ text }]]

function speechParagraphs(speech: Speech, extra: Record<string, string>): string {
  const cue = [speech.character, ...speech.extensions.map((e) => `(${e})`)].join(' ')
  const out = [paragraph({ type: 'Character', lines: plainLine(cue), extra })]
  let spoken: Line[] = []
  const flush = () => {
    if (spoken.length > 0) out.push(paragraph({ type: 'Dialogue', lines: spoken }))
    spoken = []
  }
  for (const part of speech.parts) {
    if (part.kind === 'line') {
      spoken.push(part.runs)
      continue
    }
    flush()
    const lines = part.kind === 'lyric' ? [part.runs] : [[{ text: '(' }, ...part.runs, { text: ')' }]]
    out.push(paragraph({ type: part.kind === 'lyric' ? 'Lyrics' : 'Parenthetical', lines }))
  }
  flush()
  return out.join('\n')
}

const CREDIT = /^(written|screenplay|story|teleplay|created|adapted|by)\b/i
export const isCredit = (text: string) => CREDIT.test(text)

/** Title, credit and author stand centred in groups; every other field is a line `Key: value`. */
function titlePage(play: Screenplay): string {
  if (play.title_page.length === 0) return ''
  const out: string[] = []
  const line = (text: string, alignment: string) =>
    out.push(paragraph({ type: 'General', lines: text === '' ? [] : plainLine(text), extra: { Alignment: alignment } }))
  const titled = play.title_page[0]!.key === 'Title'
  play.title_page.forEach(({ key, values }, i) => {
    const credit = isCredit(values[0]!)
    const centred =
      titled && ((key === 'Title' && i === 0) || (key === 'Credit' && credit) || (key === 'Author' && !credit))
    if (centred) for (const value of values) line(value, 'Center')
    else for (const value of values) line(`${key}: ${value}`, 'Left')
    line('', 'Left')
  })
  return `<TitlePage>\n<Content>\n${out.join('\n')}\n</Content>\n</TitlePage>\n`
}

/** Elements as FDX paragraphs. A page break becomes a mark on what follows, a synopsis part of its heading. */
class BodyWriter {
  readonly out: string[] = []
  readonly loss = new LossList()
  #newPage = false
  #elements: ScreenplayElement[]
  #at = 0

  constructor(elements: ScreenplayElement[]) {
    this.#elements = elements
  }

  run(): string {
    while (this.#at < this.#elements.length) this.#write(this.#elements[this.#at++]!)
    if (this.#newPage) this.loss.add('a page break without text behind it is left out')
    return this.out.join('\n')
  }

  #page(): Record<string, string> {
    const extra: Record<string, string> = this.#newPage ? { StartsNewPage: 'Yes' } : {}
    this.#newPage = false
    return extra
  }

  #next<T extends ScreenplayElement['type']>(type: T): Extract<ScreenplayElement, { type: T }> | undefined {
    const next = this.#elements[this.#at]
    return next?.type === type ? (next as Extract<ScreenplayElement, { type: T }>) : undefined
  }

  #speeches(first: Speech): void {
    if (first.dual) this.loss.add('a speech marked as simultaneous has no speech before it; it is written alone')
    const extra = this.#page()
    const group = [speechParagraphs(first, extra)]
    for (let next = this.#next('speech'); next?.dual; next = this.#next('speech')) {
      group.push(speechParagraphs(next, {}))
      this.#at++
    }
    this.out.push(
      group.length === 1 ? group[0]! : `<Paragraph><DualDialogue>\n${group.join('\n')}\n</DualDialogue></Paragraph>`,
    )
  }

  #write(element: ScreenplayElement): void {
    switch (element.type) {
      case 'scene_heading': {
        const synopsis = this.#next('synopsis')
        if (synopsis) this.#at++
        const inner = synopsis
          ? `<SceneProperties><Summary>${paragraph({ type: 'Action', lines: plainLine(synopsis.text) })}</Summary></SceneProperties>`
          : ''
        const extra = { ...(element.number ? { Number: element.number } : {}), ...this.#page() }
        this.out.push(paragraph({ type: 'Scene Heading', lines: plainLine(element.text), extra, inner }))
        return
      }
      case 'action': {
        const extra = { ...(element.centered ? { Alignment: 'Center' } : {}), ...this.#page() }
        this.out.push(paragraph({ type: 'Action', lines: element.lines, extra }))
        return
      }
      case 'speech':
        this.#speeches(element)
        return
      case 'transition':
        this.out.push(paragraph({ type: 'Transition', lines: plainLine(element.text), extra: this.#page() }))
        return
      case 'note': {
        const inner = `<ScriptNote>${paragraph({ type: 'Action', lines: plainLine(element.text) })}</ScriptNote>`
        this.out.push(paragraph({ type: 'General', lines: [], extra: this.#page(), inner }))
        return
      }
      case 'page_break':
        if (this.#newPage) this.loss.add('one of two page breaks in a row is left out')
        this.#newPage = true
        return
      case 'section':
        this.loss.add('a section heading is left out')
        return
      case 'synopsis':
        this.loss.add('a synopsis that does not follow a scene heading is left out')
        return
    }
  }
}

/** The screenplay as a Final Draft document (FDX 5). */
export function exportFdx(screenplay: Screenplay): ExportFile {
  const play = normaliseScreenplay(screenplay)
  const body = new BodyWriter(play.elements)
  const content = body.run()
  const text = [
    '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>',
    '<FinalDraft DocumentType="Script" Template="No" Version="5">',
    `<Content>\n${content}\n</Content>`,
    `${titlePage(play)}</FinalDraft>\n`,
  ].join('\n')
  const firstLine = play.elements.find((e) => e.type === 'action')
  const title =
    titleField(play, 'title') || (firstLine ? lineText(firstLine.lines[0] ?? []).slice(0, 40) : 'screenplay')
  return { bytes: utf8(text), name: fileName(title, '.fdx'), mime: 'application/xml', loss: body.loss.list() }
}
