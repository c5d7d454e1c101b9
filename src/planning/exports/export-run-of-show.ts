import PDFDocument from 'pdfkit'
import type { Board } from '../artifacts/board.ts'

/** The built-in fonts know Latin only; anything else is shown as a question mark instead of a wrong sign. */
const latin = (text: string) => text.replaceAll('→', '->').replaceAll(/[^\u0020-\u00ff–—‘’“”•…\n]/g, '?')

/** The programme with times, places and owners, the workflows and what to do when something goes wrong, as a PDF. */
export function exportRunOfShow({ brief, artifacts }: Board): Promise<Buffer> {
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
  let day = ''
  for (const { title, start, end, location, owner } of [...(artifacts.Schedule?.sessions ?? [])].sort((a, b) =>
    a.start < b.start ? -1 : a.start > b.start ? 1 : a.id < b.id ? -1 : 1,
  )) {
    if (start.slice(0, 10) !== day) {
      day = start.slice(0, 10)
      heading(day)
    }
    pdf.text(latin(`${start.slice(11, 16)}–${end.slice(11, 16)}  ${title}  (${location}${owner ? `; ${owner}` : ''})`))
  }
  heading('Workflows')
  for (const { workflow, owner, steps } of artifacts.LogisticsPlan?.workflows ?? [])
    pdf.text(latin(`${workflow} (${owner}): ${steps.join(' → ')}`))
  heading('When something goes wrong')
  for (const { scenario, trigger, response, owner } of artifacts.ContingencyPlan?.scenarios ?? [])
    pdf.text(latin(`${scenario}. ${trigger}: ${response} (${owner})`))
  pdf.end()
  return bytes
}
