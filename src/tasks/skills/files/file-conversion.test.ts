import { zipSync } from 'fflate'
import PDFDocument from 'pdfkit'
import { describe, expect, it } from 'vitest'
import { writeTable } from '../../tables/write-table.ts'
import { previous, request, testPorts } from '../_test-kit.ts'
import type { SkillRequest } from '../skill.ts'
import { fileConversion } from './file-conversion.ts'
import { readImageMetadata } from './image-metadata.ts'
import { textStatistics } from './text-statistics.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function run(text: string, files: Record<string, string | Uint8Array> = {}, more: Partial<SkillRequest> = {}) {
  const ports = testPorts({
    files: Object.fromEntries(Object.entries(files).map(([name, content]) => [`uploads/${name}`, content])),
  })
  const attachments = Object.keys(files).map((filename) => ({ filename }))
  const output = await fileConversion.run(
    request(text, { attachments, capabilities: ['file_processing'], ...more }),
    ports,
  )
  return { ...output, data: output.data as Record<string, any>, ports }
}

/** An archive whose entries say they are `mb` large each; `lie` gives the size in bytes that the listing tells. */
function bomb(mb: number, entries: number, lie = mb * 1_048_576): Uint8Array {
  const content = new Uint8Array(lie === mb * 1_048_576 ? 1_000 : 1_048_576)
  const zip = Buffer.from(
    zipSync(Object.fromEntries(Array.from({ length: entries }, (_, i) => [`f${i}.xml`, content]))),
  )
  for (let at = zip.readUInt32LE(zip.length - 22 + 16); zip.readUInt32LE(at) === 0x02014b50; ) {
    zip.writeUInt32LE(lie, at + 24)
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return zip
}

const rows = [
  { code: '00712', n: 1.5, ok: true, note: 'a, "b"' },
  { code: '1', n: null, ok: false, note: 'ü' },
]

describe('tables', () => {
  const formats = ['csv', 'json', 'xlsx', 'yaml', 'xml'] as const
  const pairs = formats.flatMap((from) => formats.filter((to) => to !== from).map((to) => [from, to] as const))
  it.each(pairs)('%s to %s keeps every value', async (from, to) => {
    const { data, ports } = await run(`Convert the attached file to ${to === 'xlsx' ? 'Excel' : to.toUpperCase()}`, {
      [`people.${from}`]: await writeTable(rows, from),
    })
    expect(data).toMatchObject({ output_file: `output/people.${to}`, records: 2 })
    // Read back through JSON, whatever the format.
    const back = to === 'json' ? data['output_file'] : (await again(ports.written.get(`output/people.${to}`)!, to)).file
    const text = to === 'json' ? ports.text(back) : (await again(ports.written.get(`output/people.${to}`)!, to)).text
    expect(JSON.parse(text)).toEqual(rows)
  })
  async function again(content: Uint8Array, format: string) {
    const { data, ports } = await run('Convert it to JSON', { [`x.${format}`]: content })
    return { file: data['output_file'] as string, text: ports.text(data['output_file']) }
  }
  it('keeps long numbers and leading zeros as text', async () => {
    const { data, ports } = await run('Convert ids.csv to JSON', { 'ids.csv': 'id,zip\n4000123412341234567,00712\n' })
    expect(JSON.parse(ports.text(data['output_file']))).toEqual([{ id: '4000123412341234567', zip: '00712' }])
  })
  it('keeps trees between JSON and YAML', async () => {
    const tree = { server: { port: 8000, hosts: ['a', 'b'] }, debug: false }
    const { ports } = await run('Convert config.json to YAML', { 'config.json': JSON.stringify(tree) })
    expect(ports.text('output/config.yaml')).toContain('  port: 8000')
    const back = await run('Convert config.yaml to JSON', { 'config.yaml': ports.written.get('output/config.yaml')! })
    expect(JSON.parse(back.ports.text('output/config.json'))).toEqual(tree)
  })
  it('names the output as asked and converts every attachment', async () => {
    expect((await run('Convert a.csv to people.json', { 'a.csv': 'x\n1\n' })).data['output_file']).toBe(
      'output/people.json',
    )
    const { data } = await run('Convert the attached files to JSON', { 'a.csv': 'x,y\n1,2\n', 'b.csv': 'x,y\n3,4\n' })
    expect(data).toMatchObject({ output_files: ['output/a.json', 'output/b.json'], records: 2 })
  })
  it('saves the rows of a prerequisite', async () => {
    const { data, ports } = await run('Save the result to a CSV file', {}, { previous: [previous({ rows })] })
    expect(data).toMatchObject({ output_file: 'output/result.csv', records: 2 })
    expect(ports.text('output/result.csv')).toContain('00712,1.5,true,"a, ""b"""')
    const values = await run('save the results to results.json', {}, { previous: [previous({ factorial_5: 120 })] })
    expect(JSON.parse(values.ports.text('output/results.json'))).toEqual({ factorial_5: 120 })
  })
})

describe('documents', () => {
  it('Markdown to HTML', async () => {
    const { ports } = await run('Convert notes.md to HTML', {
      'notes.md': '# Title\n\n- one\n\n<script>alert(1)</script>',
    })
    const html = ports.text('output/notes.html')
    expect(html).toMatch(/<h1>Title<\/h1>[\s\S]*<li>one<\/li>/)
    expect(html).not.toContain('<script')
  })
  it('HTML to text and Markdown, also when it travels as .txt', async () => {
    const html =
      '<html><head><title>t</title><style>x{}</style></head><body><h1>Title</h1><p>First <b>part</b></p><ul><li>one</li></ul></body></html>'
    const text = await run('Convert the attached HTML to text', { 'page.txt': html })
    expect(text.ports.text('output/page.txt')).toBe('Title\n\nFirst part\n\none\n')
    const markdown = await run('Convert page.html.txt to Markdown', { 'page.html.txt': html })
    expect(markdown.ports.text('output/page.md')).toBe('# Title\n\nFirst **part**\n\n-   one\n')
  })
  it('PDF to text', async () => {
    const document = new PDFDocument()
    const chunks: Buffer[] = []
    document.on('data', (chunk: Buffer) => chunks.push(chunk))
    const done = new Promise((resolve) => document.on('end', resolve))
    document.text('Hello from a page')
    document.end()
    await done
    const { data } = await run('Convert report.pdf to text', { 'report.pdf': Buffer.concat(chunks) })
    expect(data['text']).toContain('Hello from a page')
    await expect(run('Convert x.pdf to text', { 'x.pdf': 'no pdf' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
  it('DOCX to text', async () => {
    const part = (xml: string) => bytes(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${xml}`)
    const docx = zipSync({
      '[Content_Types].xml': part(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
      ),
      '_rels/.rels': part(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
      ),
      'word/document.xml': part(
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Hello docx</w:t></w:r></w:p></w:body></w:document>',
      ),
    })
    expect((await run('Convert letter.docx to text', { 'letter.docx': docx })).data['text']).toContain('Hello docx')
  })
  it.each([
    ['Convert letter.doc to text', 'letter.doc'],
    ['Convert slides.pptx to text', 'slides.pptx'],
    ['Convert photo.png to JSON', 'photo.png'],
    ['Convert table.csv to HTML', 'table.csv'],
  ])('%s is not supported and says what is', async (text, name) => {
    await expect(run(text, { [name]: 'a,b\n1,2\n' })).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      message: expect.stringContaining('PDF and DOCX to text'),
    })
  })
})

describe('archives', () => {
  const zip = zipSync({ 'a.txt': bytes('hello'), 'dir/b.csv': bytes('x,y\n1,2\n') })
  it('lists', async () => {
    const { data } = await run('List the contents of files.zip', { 'files.zip': zip })
    expect(data['entries']).toEqual([
      { name: 'a.txt', size: 5, compressed_size: expect.any(Number) },
      { name: 'dir/b.csv', size: 8, compressed_size: expect.any(Number) },
    ])
  })
  it('extracts', async () => {
    const { data, ports } = await run('Unzip files.zip', { 'files.zip': zip })
    expect(data['files']).toEqual(['output/files/a.txt', 'output/files/dir/b.csv'])
    expect(ports.text('output/files/a.txt')).toBe('hello')
  })
  it('creates the same archive from the same files', async () => {
    const [one, two] = [
      await run('Zip the attached files', { 'a.txt': 'x', 'b.txt': 'y' }),
      await run('Zip the attached files', { 'a.txt': 'x', 'b.txt': 'y' }),
    ]
    expect(one.data).toMatchObject({ output_file: 'output/archive.zip', records: 2 })
    expect(one.ports.written.get('output/archive.zip')).toEqual(two.ports.written.get('output/archive.zip'))
    const listed = await run('List the contents of x.zip', { 'x.zip': one.ports.written.get('output/archive.zip')! })
    expect(listed.data['entries'].map((entry: any) => entry.name)).toEqual(['a.txt', 'b.txt'])
  })
  it('refuses paths that leave the folder, too many entries and damage', async () => {
    await expect(run('Unzip x.zip', { 'x.zip': zipSync({ '../evil.txt': bytes('x') }) })).rejects.toMatchObject({
      code: 'PATH_NOT_ALLOWED',
    })
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`f${n}`, bytes('')]))
    await expect(run('Unzip x.zip', { 'x.zip': zipSync(many) })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('1000'),
    })
    await expect(run('Unzip x.zip', { 'x.zip': 'not a zip' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
  it.each<[string, string, Uint8Array, RegExp]>([
    ['an archive', 'Unzip x.zip', bomb(501, 1), /500|expand|large/i],
    ['an archive of many', 'Unzip x.zip', bomb(1, 600), /500|expand|large/i],
    ['an archive that lies about its size', 'Unzip x.zip', bomb(1, 1, 10), /damaged|size/i],
    ['a workbook', 'Convert x.xlsx to CSV', bomb(301, 1), /cannot be opened/],
    ['a document', 'Convert x.docx to text', bomb(301, 1), /cannot be opened/],
  ])('unpacks no bomb: %s', async (_what, text, packed, message) => {
    const name = /x\.\w+/.exec(text)![0]
    const ports = testPorts({ files: { [`uploads/${name}`]: packed } })
    const asked = request(text, { attachments: [{ filename: name }], capabilities: ['file_processing'] })
    await expect(fileConversion.run(asked, ports)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message),
    })
    expect([...ports.written.keys()]).toEqual([`uploads/${name}`])
  })
})

describe('merge and split', () => {
  it('merges tables with different columns', async () => {
    const { data, ports } = await run('Merge the attached CSV files', { 'a.csv': 'x,y\n1,2\n', 'b.csv': 'x,z\n3,4\n' })
    expect(data).toMatchObject({ output_file: 'output/merged.csv', records: 2 })
    expect(ports.text('output/merged.csv')).toBe('x,y,z\n1,2,\n3,,4\n')
    await expect(run('Merge the CSV files', { 'a.csv': 'x,y\n1,2\n' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
  const long = `n,m\n${Array.from({ length: 2500 }, (_, n) => `${n},x`).join('\n')}\n`
  it.each<[string, number, number]>([
    ['Split long.csv', 3, 1000],
    ['Split long.csv into files of 500 rows', 5, 500],
    ['Split long.csv every 2,000 rows', 2, 2000],
    ['Split long.csv into 4 parts', 4, 625],
  ])('%s', async (text, count, first) => {
    const { data, ports } = await run(text, { 'long.csv': long })
    expect(data['output_files']).toHaveLength(count)
    expect(data['records']).toBe(2500)
    expect(ports.text('output/long_part_1.csv').trim().split('\n')).toHaveLength(first + 1)
  })
})

describe('texts and pictures', () => {
  it.each<[string, object]>([
    ['', { lines: 0, words: 0, characters: 0, sentences: 0, paragraphs: 0 }],
    ['One.', { lines: 1, words: 1, characters: 4, sentences: 1, paragraphs: 1 }],
    [
      "It's 3.5 km. Really? Yes!\n\nNew paragraph\nhere\n",
      { lines: 4, words: 8, characters: 46, sentences: 4, paragraphs: 2 },
    ],
    ['🙂 ok', { lines: 1, words: 1, characters: 4, sentences: 1, paragraphs: 1 }],
  ])('counts %j', (text, expected) => expect(textStatistics(text)).toEqual(expected))
  it('counts words of an attachment', async () => {
    expect((await run('Count the words in notes.txt', { 'notes.txt': 'one two\nthree\n' })).data).toMatchObject({
      lines: 2,
      words: 3,
    })
  })
  it('reads what a file says', async () => {
    expect((await run('Read the file notes.txt', { 'notes.txt': 'hello there' })).data).toMatchObject({
      text: 'hello there',
      words: 2,
    })
  })
  const png = Buffer.alloc(33)
  png.writeUInt32BE(0x89504e47, 0)
  png.writeUInt32BE(640, 16)
  png.writeUInt32BE(480, 20)
  const gif = Buffer.from('GIF89a\x40\x01\xf0\x00')
  gif.writeUInt16LE(320, 6)
  gif.writeUInt16LE(240, 8)
  it.each<[string, Uint8Array, object | undefined]>([
    ['png', png, { format: 'png', width: 640, height: 480 }],
    ['gif', gif, { format: 'gif', width: 320, height: 240 }],
    [
      'jpeg',
      Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0001108019002580301220002110103110100', 'hex'),
      { format: 'jpeg', width: 600, height: 400 },
    ],
    ['svg', bytes('<svg xmlns="x" viewBox="0 0 120 80"/>'), { format: 'svg', width: 120, height: 80 }],
    ['nothing', bytes('hello'), undefined],
  ])('measures %s', (_, content, expected) => expect(readImageMetadata(content)).toEqual(expected))
  it('gives format, width, height and size', async () => {
    expect((await run('Get the image metadata', { 'a.png': png })).data).toEqual({
      format: 'png',
      width: 640,
      height: 480,
      size: 33,
    })
  })
  it('asks for a file when there is none', async () => {
    await expect(run('Convert the file to JSON')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(run('Convert missing.csv to JSON')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})

describe('unsafe input', () => {
  it('refuses XML with entities', async () => {
    const xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x><r><a>&e;</a></r></x>'
    await expect(run('Convert x.xml to JSON', { 'x.xml': xml })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('entities'),
    })
  })
  it('refuses YAML that grows without end', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefgh'[at]}`).join(',')}]`)
      .join('\n')}`
    await expect(run('Convert x.yaml to JSON', { 'x.yaml': bomb })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
  it('refuses broken workbooks', async () => {
    await expect(run('Convert x.xlsx to CSV', { 'x.xlsx': 'no workbook' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})
