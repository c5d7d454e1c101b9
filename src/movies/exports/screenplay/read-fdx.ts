import { XMLParser } from 'fast-xml-parser'
import { ValidationError } from '../../../kernel/errors/app-error.ts'
import { LossList } from '../export-file.ts'
import type { Line, Run, Screenplay, ScreenplayElement, Speech, TitleField } from './model.ts'
import { normaliseScreenplay } from './normalise-screenplay.ts'
import { isCredit } from './write-fdx.ts'

const MAX_BYTES = 16 * 1024 * 1024

const refuse = (message: string): never => {
  throw new ValidationError(message, [{ field: 'file', message }])
}

/** One XML element in document order: its name, attributes and children; text has the name `#text`. */
type Node = { name: string; attributes: Record<string, string>; children: Node[]; text: string }
type Raw = Record<string, unknown>

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const decode = (text: string) =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED[name] ?? whole
    const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
  })

function toNode(raw: Raw): Node {
  const name = Object.keys(raw).find((key) => key !== ':@') ?? ''
  const attributes: Record<string, string> = {}
  for (const [key, value] of Object.entries((raw[':@'] as Raw | undefined) ?? {}))
    attributes[key] = decode(String(value))
  if (name === '#text') return { name, attributes, children: [], text: decode(String(raw[name])) }
  return { name, attributes, children: (raw[name] as Raw[]).map(toNode), text: '' }
}

function parseXml(bytes: Uint8Array): Node[] {
  if (bytes.length > MAX_BYTES) refuse(`the file has ${bytes.length} bytes; a Final Draft file may have ${MAX_BYTES}`)
  let text = ''
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    refuse('the file is not UTF-8 text: save the screenplay as .fdx (not .fdr or .pdf) and send that file')
  }
  if (text.includes('\u0000')) refuse('the file is binary: save the screenplay as .fdx and send that file')
  if (/<!\s*(DOCTYPE|ENTITY)/i.test(text))
    refuse('the file declares a document type or entities, which are not accepted')
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    trimValues: false,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    maxNestedTags: 60,
  })
  try {
    return (parser.parse(text, true) as Raw[]).map(toNode)
  } catch (error) {
    return refuse(`the file is not valid XML: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const child = (node: Node | undefined, name: string) => node?.children.find((c) => c.name === name)
const kids = (node: Node | undefined, name: string) => node?.children.filter((c) => c.name === name) ?? []
const allText = (node: Node): string => node.text + node.children.map(allText).join('')

/** Lines of a paragraph: its Text elements are runs, a line break inside them begins a new line. */
function linesOf(paragraph: Node): Line[] {
  const lines: Line[] = [[]]
  for (const text of kids(paragraph, 'Text')) {
    const style = text.attributes['Style'] ?? ''
    const run = (value: string): Run => ({
      text: value,
      ...(style.includes('Bold') ? { bold: true as const } : {}),
      ...(style.includes('Italic') ? { italic: true as const } : {}),
      ...(style.includes('Underline') ? { underline: true as const } : {}),
    })
    allText(text)
      .split(/\r\n?|\n/)
      .forEach((part, i) => {
        if (i > 0) lines.push([])
        lines.at(-1)!.push(run(part))
      })
  }
  return lines
}

const flat = (paragraph: Node) => kids(paragraph, 'Text').map(allText).join('')
/** The cue without its parentheses, and what stood in them. */
function cueOf(text: string): { character: string; extensions: string[] } {
  return {
    character: text.replace(/\([^()]*\)/g, ' '),
    extensions: [...text.matchAll(/\(([^()]*)\)/g)].map((match) => match[1]!),
  }
}

const unwrap = (line: Line): Line => {
  const runs = line.filter((run) => run.text !== '')
  const [first, last] = [runs[0], runs.at(-1)]
  if (!first?.text.startsWith('(') || !last?.text.endsWith(')')) return line
  return runs.map((run, i) => {
    const from = i === 0 ? 1 : 0
    return { ...run, text: run.text.slice(from, i === runs.length - 1 ? -1 : undefined) }
  })
}

class BodyReader {
  readonly elements: ScreenplayElement[] = []
  readonly loss = new LossList()
  #speech: Speech | undefined

  paragraph(node: Node, dual = false): void {
    const double = child(node, 'DualDialogue')
    if (double) {
      this.#close()
      kids(double, 'Paragraph').reduce((speakers, paragraph) => {
        const isCue = paragraph.attributes['Type'] === 'Character'
        this.paragraph(paragraph, speakers + (isCue ? 1 : 0) > 1)
        return speakers + (isCue ? 1 : 0)
      }, 0)
      this.#close()
      return
    }
    if (node.attributes['StartsNewPage'] === 'Yes') {
      this.#close()
      this.elements.push({ type: 'page_break' })
    }
    this.#byType(node, node.attributes['Type'] ?? 'General', dual)
    for (const note of kids(node, 'ScriptNote')) {
      this.#close()
      this.elements.push({ type: 'note', text: kids(note, 'Paragraph').map(flat).join(' ') })
    }
  }

  finish(): ScreenplayElement[] {
    this.#close()
    return this.elements
  }

  #close(): void {
    if (this.#speech) this.elements.push(this.#speech)
    this.#speech = undefined
  }

  #push(element: ScreenplayElement): void {
    this.#close()
    this.elements.push(element)
  }

  #spoken(node: Node, kind: 'line' | 'parenthetical' | 'lyric'): void {
    const lines = linesOf(node)
    if (!this.#speech) {
      this.#push({ type: 'action', lines })
      this.loss.add('a line of dialogue without a speaker is read as action')
      return
    }
    const read = kind === 'parenthetical' ? lines.map(unwrap) : lines
    this.#speech.parts.push(...read.map((runs) => ({ kind, runs })))
  }

  #byType(node: Node, type: string, dual: boolean): void {
    switch (type) {
      case 'Scene Heading': {
        const number = node.attributes['Number']
        this.#push({ type: 'scene_heading', text: flat(node), ...(number ? { number } : {}) })
        const summary = child(child(node, 'SceneProperties'), 'Summary')
        if (summary) this.#push({ type: 'synopsis', text: kids(summary, 'Paragraph').map(flat).join(' ') })
        return
      }
      case 'Character':
        this.#close()
        this.#speech = { type: 'speech', ...cueOf(flat(node)), ...(dual ? { dual: true } : {}), parts: [] }
        return
      case 'Parenthetical':
        this.#spoken(node, 'parenthetical')
        return
      case 'Dialogue':
        this.#spoken(node, 'line')
        return
      case 'Lyrics':
      case 'Singing':
        this.#spoken(node, 'lyric')
        return
      case 'Transition':
        this.#push({ type: 'transition', text: flat(node) })
        return
      case 'New Act':
      case 'End of Act':
        this.#push({ type: 'section', depth: 1, text: flat(node) })
        return
      default:
        if (!['Action', 'General'].includes(type)) this.loss.add(`a paragraph of type "${type}" is read as action`)
        this.#close()
        if (kids(node, 'Text').length > 0)
          this.#push({
            type: 'action',
            lines: linesOf(node),
            ...(node.attributes['Alignment'] === 'Center' ? { centered: true as const } : {}),
          })
    }
  }
}

/** Title page: centred groups are title, credit and author; lines `Key: value` are fields. */
function titleFields(page: Node | undefined): TitleField[] {
  const fields: TitleField[] = []
  const add = (key: string, value: string, join: boolean) => {
    const field = join ? fields.find((f) => f.key === key) : undefined
    if (field) field.values.push(value)
    else fields.push({ key, values: [value] })
  }
  let group: string | undefined
  for (const node of kids(child(page, 'Content'), 'Paragraph')) {
    const text = flat(node).trim()
    if (text === '') {
      group = undefined
      continue
    }
    const pair = /^([A-Za-z][A-Za-z0-9 _-]*): (.*)$/.exec(text)
    if (pair && node.attributes['Alignment'] !== 'Center') {
      add(pair[1]!, pair[2]!, group === pair[1])
      group = pair[1]!
      continue
    }
    const fresh = group === undefined
    if (fresh) group = fields.length === 0 ? 'Title' : isCredit(text) ? 'Credit' : 'Author'
    add(group!, text, !fresh || group === 'Author')
  }
  return fields
}

/**
 * Reads a Final Draft file (.fdx). Refuses with ValidationError what is not plain UTF-8 XML of a screenplay: entities and
 * document types, binary data, more than 16 MB, broken XML, other documents.
 */
export function readFdx(bytes: Uint8Array): { screenplay: Screenplay; loss: string[] } {
  const root = parseXml(bytes).find((node) => node.name === 'FinalDraft')
  const content = child(root, 'Content')
  if (!root || !content)
    return refuse('the file is not a Final Draft screenplay: it has no FinalDraft element with Content')
  const body = new BodyReader()
  for (const node of kids(content, 'Paragraph')) body.paragraph(node)
  const screenplay = normaliseScreenplay({ title_page: titleFields(child(root, 'TitlePage')), elements: body.finish() })
  return { screenplay, loss: body.loss.list() }
}
