// Builders of files that nobody should send.
import zlib from 'node:zlib'
import { type Zippable, zipSync } from 'fflate'

export const utf8 = (text: string) => new TextEncoder().encode(text)
const MB = 1024 * 1024

type Entry = { name: string; data?: Uint8Array; link?: boolean; encrypted?: boolean; size?: number }

/** A zip archive written by hand: names, links, flags and sizes as wanted, true or not. */
export function zip(entries: readonly Entry[]): Uint8Array {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const { name, data = new Uint8Array(), link = false, encrypted = false, size } of entries) {
    const packed = zlib.deflateRawSync(data)
    const named = Buffer.from(name)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(0x800 | (encrypted ? 1 : 0), 2)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(zlib.crc32(data), 10)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(size ?? data.length, 18)
    head.writeUInt16LE(named.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, named, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((link ? 0o120777 : 0o100644) << 16) >>> 0, 6)
    tail.writeUInt32LE(at, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), head, tail, named]))
    parts.push(local)
    at += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, directory, end])
}

/** Entries that say how large they would become; nothing is unpacked to find out. */
export const bomb = () =>
  zip(Array.from({ length: 16 }, (_, n) => ({ name: `${n}.txt`, data: new Uint8Array(MB), size: 40 * MB })))
/** A workbook that says it would become as large as this. */
export const workbookBomb = (megabytes: number) =>
  zip([{ name: 'xl/media/a.bin', data: new Uint8Array(MB), size: megabytes * MB }])

const XLSX: Zippable = {
  '[Content_Types].xml': utf8(
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  ),
  '_rels/.rels': utf8(
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  ),
  'xl/workbook.xml': utf8(
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
  ),
  'xl/_rels/workbook.xml.rels': utf8(
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
  ),
}
/** A workbook around one sheet's rows; `head` stands before the sheet, where entities are declared. */
export const workbook = (rows: string, head = '', more: Zippable = {}): Uint8Array =>
  zipSync({
    ...XLSX,
    'xl/worksheets/sheet1.xml': utf8(
      `<?xml version="1.0"?>${head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
    ),
    ...more,
  })
export const cell = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`

export const docx = (body: string, head = '', more: Zippable = {}): Uint8Array =>
  zipSync({
    '[Content_Types].xml': utf8(
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    ),
    '_rels/.rels': utf8(
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
    'word/document.xml': utf8(
      `<?xml version="1.0"?>${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${body}</w:t></w:r></w:p></w:body></w:document>`,
    ),
    ...more,
  })

/** Entities that grow by ten with each level. */
export const LAUGHS = `<!DOCTYPE x [<!ENTITY a0 "lol">${Array.from({ length: 9 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`).join('')}]>`
export const OUTSIDE = (url: string) =>
  `<!DOCTYPE x [<!ENTITY e SYSTEM "${url}"><!ENTITY f SYSTEM "file:///etc/passwd">]>`

/** A PNG header that claims a size, with nothing behind it. */
export function png(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const chunk = Buffer.concat([Buffer.from('IHDR'), header])
  const length = Buffer.from([0, 0, 0, 13])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(zlib.crc32(chunk))
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), length, chunk, sum])
}

export const yamlBomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, n) => {
  const [to, from] = [String.fromCharCode(98 + n), String.fromCharCode(97 + n)]
  return `${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`
}).join('\n')}\n`

export const deepJson = (depth: number) => utf8('['.repeat(depth) + ']'.repeat(depth))
const pdfObject = (n: number, body: string) => `${n} 0 obj\n${body}\nendobj\n`
/** A PDF whose page tree leads to itself, with a script and a launch action. */
export const loopingPdf = () =>
  utf8(
    `%PDF-1.7\n${pdfObject(1, '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (calc.exe) >> >>')}${pdfObject(2, '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>')}trailer << /Root 1 0 R >>\n%%EOF`,
  )
