import { extensionOf } from '../../tables/read-table.ts'

/** What a file is, told by its name, an inner extension (`page.html.txt`), what the step says, or its first bytes. */
export type Kind =
  | 'csv'
  | 'tsv'
  | 'json'
  | 'xlsx'
  | 'yaml'
  | 'xml'
  | 'markdown'
  | 'html'
  | 'pdf'
  | 'docx'
  | 'text'
  | 'zip'
  | 'image'
  | 'unknown'

const BY_EXTENSION: Readonly<Record<string, Kind>> = {
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  xlsx: 'xlsx',
  xls: 'xlsx',
  ods: 'xlsx',
  yaml: 'yaml',
  yml: 'yaml',
  xml: 'xml',
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
  pdf: 'pdf',
  docx: 'docx',
  zip: 'zip',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  bmp: 'image',
  webp: 'image',
  svg: 'image',
  log: 'text',
}
const SAID: readonly [RegExp, Kind][] = [
  [/\bhtml\b|\bweb\s?page\b/i, 'html'],
  [/\bmarkdown\b/i, 'markdown'],
  [/\btsv\b|\btab[- ]separated\b/i, 'tsv'],
  [/\bcsv\b|\bcomma[- ]separated\b/i, 'csv'],
  [/\bjson\b/i, 'json'],
  [/\bya?ml\b/i, 'yaml'],
  [/\bxml\b/i, 'xml'],
]

const startOf = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes.subarray(0, 1024))

/** `said` is the part of the step that names the source, such as "the attached HTML". */
export function kindOf(name: string, bytes: Uint8Array, said = ''): Kind {
  const extension = extensionOf(name)
  if (extension !== 'txt' && extension !== '') return BY_EXTENSION[extension] ?? 'unknown'
  const inner = BY_EXTENSION[extensionOf(name.slice(0, -4))]
  if (inner) return inner
  const told = SAID.find(([pattern]) => pattern.test(said))?.[1]
  if (told) return told
  const start = startOf(bytes)
  if (/^\s*(?:\uFEFF|ï»¿)?\s*(?:<!doctype html|<html[\s>])/i.test(start)) return 'html'
  if (/^\s*<\?xml/.test(start)) return 'xml'
  if (start.startsWith('%PDF-')) return 'pdf'
  return 'text'
}

/** Source files: kept out of table analysis, read by the code metrics. */
export const CODE_EXTENSIONS: ReadonlySet<string> = new Set(
  'py js mjs cjs jsx ts mts tsx java c h cc cpp cxx hpp cs go rs rb php swift kt kts scala sh bash lua pl r dart m sql css'.split(
    ' ',
  ),
)

export const isCodeName = (name: string): boolean => {
  const extension = extensionOf(name)
  return CODE_EXTENSIONS.has(
    extension === 'txt' || extension === 'md' ? extensionOf(name.slice(0, -(extension.length + 1))) : extension,
  )
}
