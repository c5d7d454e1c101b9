import { wrapText } from './document/print-pdf.ts'
import { type ExportFile, fileName, LossList } from './export-file.ts'
import { drawText, openPicture, type Pdf } from './pdf/draw-text.ts'
import { makePdf } from './pdf/make-pdf.ts'
import type { Production } from './production.ts'
import { type ShotRow, shotRows } from './shots/shot-rows.ts'

const PAGE = { width: 792, height: 612, margin: 36 }
const COLUMNS = 3
const GAP = 18
const PANEL = (PAGE.width - 2 * PAGE.margin - (COLUMNS - 1) * GAP) / COLUMNS
const MAX_PICTURE = 150
const ROW_HEIGHT = (PAGE.height - 2 * PAGE.margin - 26) / 2
const body = { font: 'Helvetica', family: 'sans' as const, size: 8, color: '#1d1b1a' }
const bold = { ...body, font: 'Helvetica-Bold', size: 8.5 }
const small = { ...body, size: 7, color: '#6b6661' }

/** Cuts to the lines that fit; the last one then ends with an ellipsis. */
function shorten(lines: string[], max: number): string[] {
  if (lines.length <= max) return lines
  return [...lines.slice(0, max - 1), `${lines[max - 1]!.replace(/.{2}$/, '')}…`]
}

type Panel = { row: ShotRow; picture: Uint8Array | null }

function drawPanel(pdf: Pdf, panel: Panel, x: number, y: number, loss: LossList): void {
  const { row } = panel
  let bottom = y + MAX_PICTURE
  if (panel.picture) {
    const image = openPicture(pdf, panel.picture)
    const scale = Math.min(PANEL / image.width, MAX_PICTURE / image.height)
    const [w, h] = [image.width * scale, image.height * scale]
    pdf.image(image, x + (PANEL - w) / 2, y, { width: w, height: h })
    pdf
      .rect(x + (PANEL - w) / 2, y, w, h)
      .lineWidth(0.8)
      .stroke('#1d1b1a')
    bottom = y + h
  } else pdf.rect(x, y, PANEL, MAX_PICTURE).lineWidth(0.8).stroke('#1d1b1a')
  let at = bottom + 5
  drawText(pdf, `${row.frame}  ·  ${row.duration} s`, { x, y: at }, bold, loss)
  at += 12
  const camera = [row.angle, row.lens, row.movement].filter(Boolean).join(', ')
  for (const line of shorten(wrapText(pdf, camera, small, PANEL), 2)) {
    drawText(pdf, line, { x, y: at }, small, loss)
    at += 9
  }
  const room = Math.max(1, Math.floor((y + ROW_HEIGHT - 6 - at) / 10))
  const text = row.dialogue ? `${row.description}\n${row.dialogue}` : row.description
  const lines = wrapText(pdf, text, body, PANEL)
  if (lines.length > room) loss.add('the text of a panel is shortened')
  for (const line of shorten(lines, room)) {
    drawText(pdf, line, { x, y: at }, body, loss)
    at += 10
  }
}

/** The storyboard as PDF: six panels a landscape page, each with picture, camera and description. */
export async function exportStoryboardPdf(production: Production): Promise<ExportFile> {
  const loss = new LossList()
  const drawn = new Map((production.artifacts.generated_frames?.frames ?? []).map((f) => [f.frame_id, f.image_url]))
  const panels: Panel[] = []
  for (const row of shotRows(production)) {
    const url = drawn.get(row.frame)
    const bytes = url ? await production.readFile(url) : null
    const usable = bytes && ((bytes[0] === 0x89 && bytes[1] === 0x50) || (bytes[0] === 0xff && bytes[1] === 0xd8))
    if (!usable) loss.add(url ? 'a picture that is neither PNG nor JPEG is left out' : 'a frame has no picture yet')
    panels.push({ row, picture: usable ? bytes : null })
  }
  const perPage = COLUMNS * 2
  const pages = Math.max(1, Math.ceil(panels.length / perPage))
  const bytes = await makePdf({ title: `${production.title}: storyboard`, landscape: true }, (pdf) => {
    for (let page = 0; page < pages; page++) {
      pdf.addPage()
      drawText(pdf, `${production.title}: storyboard`, { x: PAGE.margin, y: 22 }, { ...bold, size: 10 }, loss)
      drawText(pdf, `${page + 1} / ${pages}`, { x: PAGE.width - PAGE.margin - 30, y: 24 }, small, loss)
      panels.slice(page * perPage, (page + 1) * perPage).forEach((panel, i) => {
        const x = PAGE.margin + (i % COLUMNS) * (PANEL + GAP)
        drawPanel(pdf, panel, x, PAGE.margin + 14 + Math.floor(i / COLUMNS) * (ROW_HEIGHT + 8), loss)
      })
    }
  })
  return { bytes, name: fileName(`${production.title} storyboard`, '.pdf'), mime: 'application/pdf', loss: loss.list() }
}
