import type { Capability } from '../schema.ts'
import { hasArithmetic } from '../skills/arithmetic/read-forms.ts'
import { findSql } from '../sql-text.ts'

const URL = /https?:\/\/[^\s<>"'`]+/gi
const FILE_WORD = String.raw`(?:files?|csv|tsv|json|xlsx?|excel|spreadsheets?|workbooks?|xml|ya?ml|pdfs?|docx?|odt|rtf|markdown|html|txt|text\s+files?|zip|archives?|images?|png|jpe?g|gif|attachments?|attached|datasets?)`
const FILE_NAME = String.raw`[\w./-]+\.(?:csv|tsv|json|xlsx?|ods|xml|ya?ml|pdf|docx?|odt|rtf|md|html?|txt|zip|gz|tar|png|jpe?g|gif|bmp|webp|svg)\b`
const FILE = String.raw`(?:\b${FILE_WORD}\b|${FILE_NAME})`
const has = (source: string) => {
  const pattern = new RegExp(source, 'is')
  return (text: string) => pattern.test(text)
}
/** Base form and the inflections people use: fetch, fetches, fetched, fetching. */
const verbs = (...words: string[]) =>
  String.raw`\b(?:${words.map((word) => (word.endsWith('e') ? `${word.slice(0, -1)}(?:e|es|ed|ing)` : `${word}(?:${word.at(-1)})?(?:s|es|ed|ing)?`)).join('|')})\b`

const toDatabase = has(
  String.raw`${verbs('store', 'save', 'insert', 'load')}.*\b(?:in|into|to)\b\s+(?:[\w-]+\s+){0,4}?(?:databases?|db|tables?)\b`,
)
const asksDatabase = has(
  String.raw`\bquer(?:y|ies|ied|ying)\b(?!\s+(?:param|string))|\b(?:describe|list|show)\b\s+(?:[\w.]+\s+){0,4}?tables?\b`,
)
const apiVerb = has(verbs('fetch', 'get', 'call', 'send', 'sent', 'post', 'request'))
const apiNoun = has(String.raw`\b(?:apis?|endpoints?|webhooks?|json\s+service)\b`)
const sendingVerb = has(verbs('call', 'send', 'sent', 'post', 'request'))
const webVerb = has(verbs('fetch', 'get', 'download', 'extract'))
const webNoun = has(String.raw`\b(?:web\s?sites?|web\s?pages?|pages?|sites?)\b`)
const fileVerb = has(verbs('read', 'load', 'open', 'parse', 'convert', 'zip', 'unzip', 'split', 'merge'))
const fileNoun = has(FILE)
const savesFile = has(String.raw`${verbs('save')}.*\b(?:to|in|into|as)\b.*${FILE}`)
const makes = has(
  String.raw`${verbs('generate', 'create', 'write', 'build', 'compose', 'prepare')}.*\b(?:reports?|documents?|summar(?:y|ies)|code|functions?|scripts?|programs?)\b`,
)
const combines = has(String.raw`${verbs('combine', 'merge', 'aggregate')}|\bsummari[sz](?:e|es|ed|ing)\b`)
const analyses = has(
  String.raw`\banaly[sz](?:e|es|ed|ing)\b|${verbs('calculate', 'compute', 'find', 'filter', 'sort', 'group', 'compare', 'validate', 'plot', 'chart')}|\bvisuali[sz](?:e|es|ed|ing)\b|\btrends?\b|\bstatistics?\b`,
)
const codes = has(
  String.raw`${verbs('refactor', 'implement')}|${verbs('review', 'test')}.*\bcode\b|${verbs('translate')}`,
)

/** Host begins `api.`, a path segment is `api`, or the path ends in `.json`. */
function isApiUrl(text: string): boolean {
  const url = globalThis.URL.parse(text.replace(/[.,;:!?)\]}]+$/, ''))
  if (!url) return false
  return (
    /^api\./i.test(url.hostname) ||
    url.pathname.split('/').some((segment) => segment.toLowerCase() === 'api') ||
    /\.json$/i.test(url.pathname)
  )
}

type Step = { text: string; words: string; urls: readonly string[] }

/** First matching row wins (contract 5.6.1, rule 4). `words` is the text without addresses. */
const ROWS: readonly { row: string; capability: Capability; matches(step: Step): boolean }[] = [
  {
    row: 'a',
    capability: 'database_operations',
    matches: ({ text, words }) => toDatabase(words) || asksDatabase(words) || findSql(text) !== undefined,
  },
  {
    row: 'b',
    capability: 'api_integration',
    matches: ({ words, urls }) =>
      (apiVerb(words) && (apiNoun(words) || urls.some(isApiUrl))) || (urls.length > 0 && sendingVerb(words)),
  },
  {
    row: 'c',
    capability: 'web_scraping',
    matches: ({ words, urls }) =>
      /\b(?:scrap(?:e|es|ed|ing)|crawl(?:s|ed|ing)?)\b/i.test(words) ||
      (webVerb(words) && (webNoun(words) || urls.length > 0)),
  },
  {
    row: 'd',
    capability: 'file_processing',
    matches: ({ words }) => (fileVerb(words) && fileNoun(words)) || savesFile(words),
  },
  { row: 'e', capability: 'code_generation', matches: ({ words }) => makes(words) || combines(words) },
  { row: 'f', capability: 'data_analysis', matches: ({ words }) => hasArithmetic(words) || analyses(words) },
  { row: 'g', capability: 'code_generation', matches: ({ words }) => codes(words) },
]

/** The capability a step asks for; undefined (row h) when no row of the table matches. */
export function capabilityOf(text: string): Capability | undefined {
  const urls = text.match(URL) ?? []
  const step = { text, words: text.replace(URL, ' '), urls }
  return ROWS.find((row) => row.matches(step))?.capability
}
