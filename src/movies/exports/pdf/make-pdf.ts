import PDFDocument from 'pdfkit'
import type { Pdf } from './draw-text.ts'

/** A fixed date keeps the same input the same bytes; the file's own dates say when it was written. */
const EPOCH = new Date(Date.UTC(2000, 0, 1))

export type PdfSetup = { title: string; author?: string | null; size?: 'LETTER' | 'A4'; landscape?: boolean }

/** Draws a PDF and answers its bytes. Pages are added by `draw`; the same drawing gives the same bytes. */
export async function makePdf(setup: PdfSetup, draw: (pdf: Pdf) => void | Promise<void>): Promise<Uint8Array> {
  const pdf = new PDFDocument({
    size: setup.size ?? 'LETTER',
    layout: setup.landscape ? 'landscape' : 'portrait',
    margin: 0,
    autoFirstPage: false,
    lang: 'en',
    displayTitle: true,
    info: { Title: setup.title, Author: setup.author ?? 'Troupe', CreationDate: EPOCH, ModDate: EPOCH },
  })
  const chunks: Buffer[] = []
  const done = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
    pdf.on('end', resolve)
    pdf.on('error', reject)
  })
  await draw(pdf)
  pdf.end()
  await done
  return new Uint8Array(Buffer.concat(chunks))
}
