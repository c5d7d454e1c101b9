import { type Line, lineText, type Run, type Screenplay, type ScreenplayElement, type Speech } from './model.ts'

/**
 * The usual page of a screenplay: US Letter, Courier 12 point, ten characters and six lines to the inch, text from one
 * inch below the top. Columns are counted from the left edge of the paper; page 1 carries no number.
 */
export const LINES_PER_PAGE = 54
export const COLUMNS = {
  action: { left: 15, width: 60 },
  dialogue: { left: 25, width: 35 },
  parenthetical: { left: 31, width: 25 },
  character: { left: 37, width: 38 },
  lyric: { left: 25, width: 35 },
  transition: { left: 55, width: 20 },
  dual_left: { left: 15, width: 28 },
  dual_right: { left: 46, width: 28 },
} as const

export type PlacedLine = { column: number; row: number; runs: Line }
export type Page = { number: number; lines: PlacedLine[] }

type Word = { runs: Run[]; length: number }

/** Words of a line with their styles; a word may consist of several runs. */
function wordsOf(line: Line): Word[] {
  const words: Word[] = []
  let open: Word | undefined
  for (const run of line) {
    run.text.split(/( +)/).forEach((part) => {
      if (part === '') return
      if (/^ +$/.test(part)) {
        open = undefined
        return
      }
      if (!open) words.push((open = { runs: [], length: 0 }))
      open.runs.push({ ...run, text: part })
      open.length += [...part].length
    })
  }
  return words
}

/** A word longer than the line is broken hard. */
function pieces(word: Word, width: number): Word[] {
  if (word.length <= width) return [word]
  const out: Word[] = [{ runs: [], length: 0 }]
  for (const run of word.runs)
    for (const char of run.text) {
      if (out.at(-1)!.length === width) out.push({ runs: [], length: 0 })
      out.at(-1)!.runs.push({ ...run, text: char })
      out.at(-1)!.length++
    }
  return out
}

/** Breaks one line of text to a width in characters. */
export function wrapLine(line: Line, width: number): Line[] {
  const rows: Word[] = []
  for (const word of wordsOf(line).flatMap((w) => pieces(w, width))) {
    const row = rows.at(-1)
    if (row && row.length + 1 + word.length <= width) {
      const style = row.runs.at(-1)!
      const next = word.runs[0]!
      const joined = style.underline && next.underline ? { ...next, text: ' ' } : { text: ' ' }
      row.runs.push(joined, ...word.runs)
      row.length += 1 + word.length
    } else rows.push({ runs: [...word.runs], length: word.length })
  }
  return rows.map((row) => joinRuns(row.runs))
}

function joinRuns(runs: Run[]): Line {
  const out: Run[] = []
  for (const run of runs) {
    const last = out.at(-1)
    if (last && last.bold === run.bold && last.italic === run.italic && last.underline === run.underline)
      last.text += run.text
    else out.push({ ...run })
  }
  return out
}

type Row = { column: number; runs: Line }[]

/** Rows that belong together; `breakAfter` names the rows behind which a page may end. */
type Block = { rows: Row[]; gap: number; breaks: boolean[]; speech?: string }
type Column = keyof typeof COLUMNS

const rowsOf = (column: Column, lines: Line[]): Row[] =>
  lines.flatMap((line) => wrapLine(line, COLUMNS[column].width)).map((runs) => [{ column: COLUMNS[column].left, runs }])

const upper = (text: string): Line => [{ text: text.toUpperCase() }]

function headingRows(text: string, number: string | undefined) {
  const rows = rowsOf('action', [upper(text)])
  if (number && rows[0]) {
    const runs: Line = [{ text: number }]
    rows[0].unshift({ column: Math.max(2, 13 - number.length), runs })
    rows[0].push({ column: 77, runs })
  }
  return rows
}

const cueText = (speech: Speech, more: string[] = []) =>
  [speech.character.toUpperCase(), ...[...speech.extensions, ...more].map((e) => `(${e})`)].join(' ')

function partRows(speech: Speech, columns: { line: Column; parenthetical: Column }) {
  return speech.parts.flatMap((part) => {
    if (part.kind === 'parenthetical')
      return rowsOf(columns.parenthetical, [[{ text: '(' }, ...part.runs, { text: ')' }]])
    const runs = part.kind === 'lyric' ? part.runs.map((run): Run => ({ ...run, italic: true })) : part.runs
    return rowsOf(columns.line, [runs])
  })
}

function speechBlock(speech: Speech): Block {
  const body = partRows(speech, { line: 'dialogue', parenthetical: 'parenthetical' })
  const rows = [...rowsOf('character', [[{ text: cueText(speech) }]]), ...body]
  const cue = rows.length - body.length
  // A page may end inside a speech when two rows stay and two rows move.
  const breaks = rows.map((_, i) => i >= cue + 1 && i <= rows.length - 3)
  return { rows, gap: 1, breaks, speech: cueText(speech, ["CONT'D"]) }
}

/** Two speeches side by side; the pair is never parted. */
function dualBlock(left: Speech, right: Speech): Block {
  const side = (speech: Speech, column: 'dual_left' | 'dual_right') => {
    const cue = rowsOf(column, [[{ text: cueText(speech) }]]).map((row) =>
      row.map((c) => ({ ...c, column: c.column + 6 })),
    )
    return [...cue, ...partRows(speech, { line: column, parenthetical: column })]
  }
  const [a, b] = [side(left, 'dual_left'), side(right, 'dual_right')]
  const rows = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [...(a[i] ?? []), ...(b[i] ?? [])])
  return { rows, gap: 1, breaks: rows.map(() => false) }
}

const whole = (rows: Block['rows'], gap: number): Block => ({
  rows,
  gap,
  breaks: rows.map((_, i) => i >= 1 && i <= rows.length - 3),
})

function centred(lines: Line[]) {
  const { left, width } = COLUMNS.action
  return lines
    .flatMap((line) => wrapLine(line, width))
    .map((runs) => [{ column: left + Math.floor((width - [...lineText(runs)].length) / 2), runs }])
}

function transition(text: string) {
  const shown = text.toUpperCase()
  const { left, width } = COLUMNS.action
  const right = left + width
  return wrapLine([{ text: shown }], 30).map((runs) => [{ column: right - [...lineText(runs)].length, runs }])
}

type Item = Block | 'page_break'

function blockOf(element: ScreenplayElement): Item | undefined {
  switch (element.type) {
    case 'scene_heading':
      return { ...whole(headingRows(element.text, element.number), 2), breaks: [] }
    case 'action':
      return whole(element.centered ? centred(element.lines) : rowsOf('action', element.lines), 1)
    case 'speech':
      return speechBlock(element)
    case 'transition':
      return { ...whole(transition(element.text), 1), breaks: [] }
    case 'page_break':
      return 'page_break'
    default:
      return undefined
  }
}

function blocksOf(play: Screenplay): { item: Item; heading: boolean }[] {
  const out: { item: Item; heading: boolean }[] = []
  play.elements.forEach((element, i) => {
    const next = play.elements[i + 1]
    const last = play.elements[i - 1]
    if (element.type === 'speech' && element.dual && last?.type === 'speech' && !last.dual) return
    const item =
      element.type === 'speech' && !element.dual && next?.type === 'speech' && next.dual
        ? dualBlock(element, next)
        : blockOf(element)
    if (item) out.push({ item, heading: element.type === 'scene_heading' })
  })
  return out
}

class Paginator {
  readonly pages: Page[] = [{ number: 1, lines: [] }]
  #row = 0

  newPage(): void {
    this.pages.push({ number: this.pages.length + 1, lines: [] })
    this.#row = 0
  }

  get empty(): boolean {
    return this.pages.at(-1)!.lines.length === 0
  }

  get left(): number {
    return LINES_PER_PAGE - this.#row
  }

  put(row: Row): void {
    for (const cell of row) this.pages.at(-1)!.lines.push({ ...cell, row: this.#row })
    this.#row++
  }

  gap(rows: number): void {
    if (!this.empty) this.#row = Math.min(LINES_PER_PAGE, this.#row + rows)
  }
}

/** Puts a block where it fits: whole, or parted at an allowed row with (MORE) and the speaker's name repeated. */
function place(pages: Paginator, block: Block, keepWithNext: number): void {
  const gap = pages.empty ? 0 : block.gap
  if (pages.left - gap >= block.rows.length + keepWithNext) {
    pages.gap(gap)
    for (const row of block.rows) pages.put(row)
    return
  }
  const room = pages.left - gap - (block.speech ? 1 : 0)
  const at = block.breaks.lastIndexOf(true, room - 1)
  const parted = at >= 0 && at < room ? at + 1 : 0
  if (parted === 0 && (!pages.empty || block.rows.length > LINES_PER_PAGE)) {
    if (!pages.empty) {
      pages.newPage()
      place(pages, block, keepWithNext)
      return
    }
  }
  const cut = parted > 0 ? parted : Math.min(block.rows.length, Math.max(1, room))
  pages.gap(gap)
  for (const row of block.rows.slice(0, cut)) pages.put(row)
  const rest = block.rows.slice(cut)
  if (rest.length === 0) return
  if (block.speech) pages.put([{ column: COLUMNS.character.left, runs: [{ text: '(MORE)' }] }])
  pages.newPage()
  const again = block.speech ? rowsOf('character', [[{ text: block.speech }]]) : []
  const breaks = [...again.map(() => false), ...block.breaks.slice(cut)]
  place(pages, { ...block, rows: [...again, ...rest], breaks }, keepWithNext)
}

/** Rows that must follow on the same page: a heading takes the first rows of what comes after it along. */
const lead = (item: Item | undefined) =>
  item === undefined || item === 'page_break' ? 0 : item.gap + Math.min(item.rows.length, item.speech ? 3 : 2)

/** Lays a screenplay out on pages. Sections, synopses and notes are not printed. Every page has at least one line. */
export function layoutScreenplay(play: Screenplay): Page[] {
  const pages = new Paginator()
  const blocks = blocksOf(play)
  blocks.forEach(({ item, heading }, i) => {
    if (item === 'page_break') {
      if (!pages.empty) pages.newPage()
    } else place(pages, item, heading ? lead(blocks[i + 1]?.item) : 0)
  })
  return pages.pages.filter((page, i) => page.lines.length > 0 || i === 0)
}
