import { type ExportFile, fileName, LossList } from '../export-file.ts'
import { drawText, type Pdf } from '../pdf/draw-text.ts'
import { makePdf } from '../pdf/make-pdf.ts'
import { layoutScreenplay, type Page } from './layout-screenplay.ts'
import { type Line, type Run, type Screenplay, titleField } from './model.ts'
import { normaliseScreenplay } from './normalise-screenplay.ts'

const CHAR = 7.2
const LEADING = 12
const TOP = 72

const FONTS = { '': 'Courier', b: 'Courier-Bold', i: 'Courier-Oblique', bi: 'Courier-BoldOblique' } as const
const fontOf = (run: Run) => FONTS[`${run.bold ? 'b' : ''}${run.italic ? 'i' : ''}` as keyof typeof FONTS]

function drawRuns(pdf: Pdf, runs: Line, x: number, y: number, loss: LossList): void {
  let at = x
  for (const run of runs) {
    drawText(pdf, run.text, { x: at, y }, { font: fontOf(run), family: 'mono', size: 12 }, loss)
    const width = [...run.text].length * CHAR
    if (run.underline)
      pdf
        .moveTo(at, y + 11)
        .lineTo(at + width, y + 11)
        .lineWidth(0.6)
        .stroke('black')
    at += width
  }
}

const centre = (text: string) => 306 + 18 - ([...text].length * CHAR) / 2

/** Title in capitals a third down the page, credit and author below it, everything else at the lower left. */
function drawTitlePage(pdf: Pdf, play: Screenplay, loss: LossList): void {
  pdf.addPage()
  const at = (text: string, y: number, x = centre(text)) =>
    drawText(pdf, text, { x, y }, { font: 'Courier', family: 'mono', size: 12 }, loss)
  let y = 250
  const shown = new Set(['title', 'credit', 'author', 'authors', 'source'])
  for (const key of ['title', 'credit', 'author', 'authors', 'source']) {
    const values = play.title_page.find((field) => field.key.toLowerCase() === key)?.values ?? []
    for (const value of values) {
      for (const part of wrap(key === 'title' ? value.toUpperCase() : value, 50)) {
        at(part, y)
        y += LEADING
      }
    }
    if (values.length > 0) y += LEADING * 2
  }
  const others = play.title_page.filter((field) => !shown.has(field.key.toLowerCase()))
  const lines = others.flatMap((field) => field.values.flatMap((value) => wrap(`${field.key}: ${value}`, 60)))
  for (const [i, line] of lines.entries()) at(line, 720 - (lines.length - i) * LEADING, 108)
}

function wrap(text: string, width: number): string[] {
  const out: string[] = []
  for (const word of text.split(' ')) {
    const last = out.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) out[out.length - 1] = `${last} ${word}`
    else out.push(word)
  }
  return out
}

function drawPage(pdf: Pdf, page: Page, loss: LossList): void {
  pdf.addPage()
  if (page.number > 1) {
    const text = `${page.number}.`
    drawText(
      pdf,
      text,
      { x: 7.5 * 72 - text.length * CHAR, y: 36 },
      { font: 'Courier', family: 'mono', size: 12 },
      loss,
    )
  }
  for (const line of page.lines) drawRuns(pdf, line.runs, line.column * CHAR, TOP + line.row * LEADING, loss)
}

/** The screenplay as PDF in the industry's layout (US Letter, Courier 12). Sections, synopses and notes are not printed. */
export async function exportScreenplayPdf(screenplay: Screenplay): Promise<ExportFile> {
  const play = normaliseScreenplay(screenplay)
  const loss = new LossList()
  for (const element of play.elements) {
    if (element.type === 'section') loss.add('a section heading is not printed')
    if (element.type === 'synopsis') loss.add('a synopsis is not printed')
    if (element.type === 'note') loss.add('a note is not printed')
  }
  const title = titleField(play, 'title') || 'Screenplay'
  const bytes = await makePdf({ title, author: titleField(play, 'author') || null }, (pdf) => {
    if (play.title_page.length > 0) drawTitlePage(pdf, play, loss)
    for (const page of layoutScreenplay(play)) drawPage(pdf, page, loss)
  })
  return { bytes, name: fileName(title, '.pdf'), mime: 'application/pdf', loss: loss.list() }
}
