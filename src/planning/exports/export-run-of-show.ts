import PDFDocument from 'pdfkit'
import type { Board } from '../artifacts/board.ts'
import { contacts, EMERGENCIES } from '../operations/checklists.ts'
import { runOfShow } from '../operations/run-of-show.ts'
import { staffing } from '../operations/staffing.ts'
import { clock, longDate, shown } from '../operations/words.ts'

/** The built-in fonts know Latin only; anything else is shown as a question mark instead of a wrong sign. */
const latin = (text: string) => text.replaceAll('→', '->').replaceAll(/[^\u0020-\u00ff–—‘’“”•…\n]/g, '?')

/** Every cue from load-in to hand-over with place and person, who is on site, whom to call, and what to do when something goes wrong, as a PDF. */
export function exportRunOfShow(board: Board): Promise<Buffer> {
  const { brief, artifacts } = board
  const made = new Date(brief.created_at)
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 48,
    info: {
      Title: `${brief.title}: run of show`,
      Creator: 'Troupe',
      Producer: 'Troupe',
      CreationDate: made,
      ModDate: made,
    },
  })
  const chunks: Buffer[] = []
  const bytes = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
    pdf.on('end', () => resolve(Buffer.concat(chunks)))
    pdf.on('error', reject)
  })
  const heading = (text: string) =>
    pdf.moveDown(0.8).font('Helvetica-Bold').fontSize(13).text(latin(text)).moveDown(0.2).font('Helvetica').fontSize(10)
  pdf.font('Helvetica-Bold').fontSize(18).text(latin(brief.title)).font('Helvetica').fontSize(10)
  pdf.text(
    latin(
      `Run of show. ${brief.date_range_start} to ${brief.date_range_end}, times in UTC, ${brief.audience_size} people.`,
    ),
  )
  for (const { day, cues } of runOfShow(board)) {
    heading(longDate(day))
    for (const { at, until, what, where, who } of cues)
      pdf.text(latin(`${clock(at)}${until ? `–${clock(until)}` : ''}  ${what}  (${where}; ${who})`))
  }
  heading('People on site')
  for (const { role, count, source, duty } of staffing(board))
    pdf.text(latin(`${count} × ${role} (${source}): ${duty}`))
  heading('Contacts')
  for (const { role, who, reach } of contacts(board)) pdf.text(latin(`${role}: ${who}, ${reach}`))
  heading('Workflows')
  for (const { workflow, owner, steps } of artifacts.LogisticsPlan?.workflows ?? [])
    pdf.text(latin(`${workflow} (${shown(owner)}): ${steps.join(' → ')}`))
  heading('When something goes wrong')
  for (const { scenario, trigger, response, owner } of artifacts.ContingencyPlan?.scenarios ?? [])
    pdf.text(latin(`${scenario}. ${trigger}: ${response} (${shown(owner)})`))
  heading('Emergency card')
  for (const [what, first] of EMERGENCIES) pdf.text(latin(`${what}: ${first}`))
  pdf.end()
  return bytes
}
