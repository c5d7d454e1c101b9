import type { Target } from './convert.ts'

/** What a step asks to be done with files. Pure. */
export type FileTask =
  | { kind: 'convert'; target: Target; name: string | undefined }
  | { kind: 'save'; target: Target; name: string | undefined }
  | { kind: 'zip-list' | 'zip-extract' | 'merge' | 'image' | 'statistics' | 'read' }
  | { kind: 'zip-create'; name: string | undefined }
  | { kind: 'split'; rows: number | undefined; parts: number | undefined }

const FORMATS: readonly [RegExp, Target][] = [
  [/^(?:csv|comma[- ]separated(?:\s+values)?)$/i, 'csv'],
  [/^(?:tsv|tab[- ]separated(?:\s+values)?)$/i, 'tsv'],
  [/^json$/i, 'json'],
  [/^(?:xlsx|xls|excel|spreadsheets?|workbook)$/i, 'xlsx'],
  [/^ya?ml$/i, 'yaml'],
  [/^xml$/i, 'xml'],
  [/^(?:html?|web\s?page)$/i, 'html'],
  [/^(?:markdown|md)$/i, 'markdown'],
  [/^(?:text|txt|plain\s+text)$/i, 'text'],
]
const FORMAT_WORDS = String.raw`csv|comma[- ]separated(?:\s+values)?|tsv|tab[- ]separated(?:\s+values)?|json|xlsx|xls|excel|spreadsheets?|workbook|ya?ml|xml|html?|web\s?page|markdown|md|plain\s+text|text|txt`
const TARGET = new RegExp(
  String.raw`\b(?:to|into|as|in)\s+(?:(?:an?|the|its|new|single|one)\s+)*(?:(?<name>[\w-][\w.-]*\.(?<extension>csv|tsv|json|xlsx|ya?ml|xml|html?|md|txt))|(?<format>${FORMAT_WORDS})(?![\w.]))(?:\s+(?:file|format|document|called|named)\b)*(?:\s*["'“]?(?<named>[\w-][\w.-]*\.(?:csv|tsv|json|xlsx|ya?ml|xml|html?|md|txt)))?`,
  'gi',
)
const ARROW = new RegExp(String.raw`(?:${FORMAT_WORDS})\s*(?:->|→|2)\s*(?<format>${FORMAT_WORDS})`, 'i')

const formatOf = (word: string): Target => FORMATS.find(([pattern]) => pattern.test(word.trim()))![1]

/** The last "to FORMAT" or "to name.ext" of the text. */
function targetOf(text: string): { target: Target; name: string | undefined } | undefined {
  const match = [...text.matchAll(TARGET)].at(-1)
  if (match?.groups) {
    const { name, extension, format, named } = match.groups
    return { target: formatOf(extension ?? format!), name: name ?? named }
  }
  const arrow = ARROW.exec(text)?.groups?.['format']
  return arrow ? { target: formatOf(arrow), name: undefined } : undefined
}

function splitTask(text: string): FileTask {
  const rows =
    /(?:of|every|each|per\s+file|by)\s+(?:at\s+most\s+|up\s+to\s+)?(\d[\d,]*)\s*(?:rows?|lines?|records?)|(\d[\d,]*)\s*(?:rows?|lines?|records?)\s+(?:each|per\s+file|a\s+file)/i.exec(
      text,
    )
  const parts = /\binto\s+(\d+)\s+(?:equal\s+)?(?:files?|parts?|pieces|chunks)(?!\s+of)/i.exec(text)
  const number = (given: string | undefined) => (given === undefined ? undefined : Number(given.replaceAll(',', '')))
  return { kind: 'split', rows: number(rows?.[1] ?? rows?.[2]), parts: number(parts?.[1]) }
}

/** Undefined when the text asks for nothing that files are about. */
export function readFileTask(text: string): FileTask | undefined {
  const plain = text.replace(/https?:\/\/\S+/gi, ' ')
  const target = targetOf(plain)
  const isZip = /\bzip(?:ped)?\b|\.zip\b|\barchives?\b/i.test(plain)
  if (
    isZip &&
    /\b(?:list|show|what\s+is\s+in|contents?|entries)\b/i.test(plain) &&
    !/\bextract|\bunzip|\bunpack/i.test(plain)
  )
    return { kind: 'zip-list' }
  if (/\bunzip\b|\bunpack\b|\bdecompress\b/i.test(plain) || (isZip && /\bextract\b|\bopen\b/i.test(plain)))
    return { kind: 'zip-extract' }
  if (
    /^\W*(?:please\s+)?zip\b|\b(?:zip|compress|pack|bundle|archive)\s+(?:up\s+)?(?:all|the|these|both|every|attached|my|it|them|files?)\b|\b(?:create|make|build|generate)\s+(?:an?\s+)?(?:zip|archive)\b|\b(?:into|to|as|in)\s+(?:a\s+|one\s+)?(?:zip|archive)\b/i.test(
      plain,
    )
  )
    return { kind: 'zip-create', name: /[\w-]+\.zip\b/i.exec(plain)?.[0] }
  if (/\bsplit\b/i.test(plain)) return splitTask(plain)
  if (
    /\b(?:merge|concatenate|join|append|combine)\b/i.test(plain) &&
    /\b(?:csv|files?|tables?|spreadsheets?|attach\w*)\b/i.test(plain)
  )
    return { kind: 'merge' }
  if (
    /\b(?:images?|photos?|pictures?)\b|\.(?:png|jpe?g|gif|bmp|webp|svg)\b/i.test(plain) &&
    /\b(?:metadata|dimensions?|sizes?|width|height|format|resolution|information|info|details|properties|read|analy[sz]e|describe)\b/i.test(
      plain,
    )
  )
    return { kind: 'image' }
  if (
    /\b(?:text\s+statistics|word\s+counts?|count\s+(?:the\s+|all\s+)?(?:number\s+of\s+)?(?:words|lines|characters|sentences|paragraphs)|how\s+many\s+(?:words|lines|characters|sentences|paragraphs)|number\s+of\s+(?:words|lines|characters|sentences|paragraphs)|(?:words|lines|characters),?\s+(?:and\s+)?(?:words|lines|characters|sentences))\b/i.test(
      plain,
    )
  )
    return { kind: 'statistics' }
  if (target && /\b(?:convert|transform|turn|change|translate|export|render|extract|parse)\b|->|→/i.test(plain))
    return { kind: 'convert', ...target }
  if (/\b(?:save|write|export|store|output)\b/i.test(plain) && (target || /\bfile\b/i.test(plain)))
    return { kind: 'save', target: target?.target ?? 'json', name: target?.name }
  if (/\bconvert\b/i.test(plain)) return target ? { kind: 'convert', ...target } : undefined
  if (/\b(?:read|load|open|parse|extract\s+(?:the\s+)?text|get\s+the\s+text)\b/i.test(plain)) return { kind: 'read' }
  return undefined
}
