import { LossList } from '../export-file.ts'
import { drawText, openPicture, type Pdf, textWidth } from '../pdf/draw-text.ts'
import { makePdf } from '../pdf/make-pdf.ts'
import type { Block, DocumentText } from './blocks.ts'

const PAGE = { width: 612, height: 792, left: 60, right: 60, top: 60, bottom: 64 }
const WIDTH = PAGE.width - PAGE.left - PAGE.right
const INK = '#1d1b1a'
const GREY = '#6b6661'
const SIZES = { 1: 22, 2: 15, 3: 12 } as const
type Style = { font: string; family: 'sans'; size: number; color?: string }
const body: Style = { font: 'Helvetica', family: 'sans', size: 10, color: INK }
const bold: Style = { ...body, font: 'Helvetica-Bold' }

/** Words of a text in lines not wider than `width` points; a longer word is broken. */
export function wrapText(pdf: Pdf, text: string, style: Style, width: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split(/\r?\n/)) {
    let line = ''
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      const joined = line === '' ? word : `${line} ${word}`
      if (textWidth(pdf, joined, style) <= width) {
        line = joined
        continue
      }
      if (line !== '') lines.push(line)
      line = word
      while (textWidth(pdf, line, style) > width && line.length > 1) {
        let n = line.length - 1
        while (n > 1 && textWidth(pdf, line.slice(0, n), style) > width) n--
        lines.push(line.slice(0, n))
        line = line.slice(n)
      }
    }
    lines.push(line)
  }
  return lines
}

class DocumentWriter {
  #pdf: Pdf
  #loss: LossList
  #title: string
  #y = 0
  #page = 0

  constructor(pdf: Pdf, title: string, loss: LossList) {
    this.#pdf = pdf
    this.#title = title
    this.#loss = loss
    this.newPage()
  }

  newPage(): void {
    this.#pdf.addPage()
    this.#page++
    this.#y = PAGE.top
    const small: Style = { ...body, size: 8, color: GREY }
    drawText(this.#pdf, this.#title, { x: PAGE.left, y: PAGE.height - 40 }, small, this.#loss)
    const number = String(this.#page)
    const x = PAGE.width - PAGE.right - textWidth(this.#pdf, number, small)
    drawText(this.#pdf, number, { x, y: PAGE.height - 40 }, small, this.#loss)
  }

  #room(height: number): void {
    if (this.#y + height > PAGE.height - PAGE.bottom) this.newPage()
  }

  #lines(lines: string[], style: Style, x: number): void {
    for (const line of lines) {
      this.#room(style.size * 1.4)
      drawText(this.#pdf, line, { x, y: this.#y }, style, this.#loss)
      this.#y += style.size * 1.4
    }
  }

  write(block: Block): void {
    switch (block.kind) {
      case 'new_page':
        if (this.#y > PAGE.top) this.newPage()
        return
      case 'heading': {
        const style: Style = { ...bold, size: SIZES[block.level] }
        if (this.#y > PAGE.top) this.#y += style.size * 0.7
        this.#room(style.size * 4)
        this.#lines(wrapText(this.#pdf, block.text, style, WIDTH), style, PAGE.left)
        this.#y += 4
        return
      }
      case 'paragraph':
        this.#lines(wrapText(this.#pdf, block.text, body, WIDTH), body, PAGE.left)
        this.#y += 6
        return
      case 'list':
        for (const item of block.items) {
          this.#room(14)
          drawText(this.#pdf, '•', { x: PAGE.left + 4, y: this.#y }, body, this.#loss)
          this.#lines(wrapText(this.#pdf, item, body, WIDTH - 18), body, PAGE.left + 18)
        }
        this.#y += 6
        return
      case 'fields':
        for (const [label, value] of block.rows) {
          const lines = wrapText(this.#pdf, value, body, WIDTH - 120)
          this.#room(14)
          drawText(this.#pdf, label, { x: PAGE.left, y: this.#y }, bold, this.#loss)
          this.#lines(lines, body, PAGE.left + 120)
          this.#y += 2
        }
        this.#y += 6
        return
      case 'table':
        this.#table(block)
        return
      case 'image':
        this.#image(block)
    }
  }

  #image(block: Extract<Block, { kind: 'image' }>): void {
    const picture = openPicture(this.#pdf, block.bytes)
    const width = Math.min(WIDTH, block.width)
    const height = (width * picture.height) / picture.width
    this.#room(height + 8)
    this.#pdf.image(picture, PAGE.left, this.#y, { width })
    this.#y += height + 8
  }

  #table(block: Extract<Block, { kind: 'table' }>): void {
    const total = block.widths.reduce((a, b) => a + b, 0)
    const widths = block.widths.map((w) => (w / total) * WIDTH)
    const style: Style = { ...body, size: 8.5 }
    const row = (cells: string[], rowStyle: Style) => {
      const wrapped = cells.map((cell, i) => wrapText(this.#pdf, cell, rowStyle, widths[i]! - 8))
      const height = Math.max(...wrapped.map((lines) => lines.length)) * rowStyle.size * 1.35 + 6
      this.#room(height)
      let x = PAGE.left
      wrapped.forEach((lines, i) => {
        lines.forEach((line, k) => {
          drawText(this.#pdf, line, { x: x + 4, y: this.#y + 3 + k * rowStyle.size * 1.35 }, rowStyle, this.#loss)
        })
        x += widths[i]!
      })
      this.#y += height
      this.#pdf
        .moveTo(PAGE.left, this.#y)
        .lineTo(PAGE.left + WIDTH, this.#y)
        .lineWidth(0.5)
        .stroke('#d8d2ca')
    }
    row(block.head, { ...style, font: 'Helvetica-Bold' })
    for (const cells of block.rows) row(cells, style)
    this.#y += 10
  }
}

/** The document as PDF (US Letter) with running title and page numbers; `loss` names what the fonts lack. */
export async function printPdf(document: DocumentText): Promise<{ bytes: Uint8Array; loss: string[] }> {
  const loss = new LossList()
  const bytes = await makePdf({ title: document.title }, (pdf) => {
    const writer = new DocumentWriter(pdf, document.title, loss)
    for (const block of document.blocks) writer.write(block)
  })
  return { bytes, loss: loss.list() }
}
