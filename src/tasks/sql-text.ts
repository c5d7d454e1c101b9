/** Finds the SQL that a person wrote into a sentence. Pure. */

const SEQUENCING = String.raw`(?:and\s+)?(?:then|after\s+that|afterwards|next|finally)\b`

/** Words that begin SQL wherever they stand, because what follows them is not prose. */
const STARTS: readonly RegExp[] = [
  /\b(?:SELECT|INSERT INTO|DELETE FROM|TRUNCATE|EXPLAIN|VACUUM|GRANT|REVOKE|MERGE INTO)\b/,
  /\b(?:CREATE|DROP|ALTER)\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?(?:TABLE|VIEW|INDEX|SCHEMA|FUNCTION|ROLE|USER|DATABASE|EXTENSION|SEQUENCE)\b/,
  /\bUPDATE\s+[\w."]+\s+SET\b/i,
  /\bDELETE\s+FROM\s+[\w."]+\s*(?:WHERE\b|;|$)/i,
  /\bINSERT\s+INTO\s+[\w."]+\s*(?:\(|VALUES\b|SELECT\b)/i,
  /\bWITH\s+(?:RECURSIVE\s+)?[\w"]+\s*(?:\([^)]*\)\s*)?AS\s*(?:NOT\s+)?(?:MATERIALIZED\s*)?\(/i,
  /\bVALUES\s*\(/i,
  /\bSELECT\s+(?:\*|DISTINCT\b|ALL\b|\d|'|\(|(?:count|sum|avg|min|max|now|version|coalesce|json_\w+|pg_\w+|lo_\w+|set_config|current_setting|dblink)\s*\()/i,
  /\bSELECT\s+[\w."]+(?:\s+AS\s+\w+)?(?:\s*,\s*[\w."()*]+(?:\s+AS\s+\w+)?)*\s+FROM\s+(?!(?:the|a|an|this|that|these|those|each|all|attached|my|our)\b)[\w."]+/i,
  /\bEXPLAIN\s+(?:ANALYZE\s+|VERBOSE\s+|\([^)]*\)\s*)*(?:SELECT|WITH|VALUES)\b/i,
  /\bSHOW\s+(?:[a-z_]+|ALL|TIME ZONE)(?=\s*(?:;|$|,\s*(?:and\s+)?then\b))/,
  /\bCOPY\s+(?:[\w."]+|\()[\s\S]*?\b(?:FROM|TO)\b\s+(?:STDIN|STDOUT|PROGRAM|')/i,
]
/** After one of these whatever follows is meant as SQL. */
const ANNOUNCED = /\b(?:sql|sql query|sql statement|sql command|statement)\s*:\s*/i
const FENCE = /```(?:sql|postgres(?:ql)?)?\s*\n?([\s\S]*?)```/i

export type SqlSpan = { start: number; end: number; sql: string }

/** Position where the SQL that begins at `start` ends: before a list item or a sequencing word, outside quotes. */
function endOf(text: string, start: number): number {
  const stop = new RegExp(String.raw`(?:[,;.]\s*|\n\s*)${SEQUENCING}|\n\s*(?:\d+[.)]|[-*•])\s+(?=\S)`, 'giy')
  let quote: string | undefined
  for (let at = start; at < text.length; at++) {
    const character = text[at]!
    if (quote) {
      if (character === quote) quote = undefined
      continue
    }
    if (character === "'" || character === '"') {
      if (text.indexOf(character, at + 1) > 0) quote = character
      continue
    }
    stop.lastIndex = at
    if (stop.test(text)) return at
  }
  return text.length
}

/** The first SQL text with its place: from its first keyword, or after "SQL:", or in a code fence. Undefined when there is none. */
export function findSql(text: string): SqlSpan | undefined {
  const fence = FENCE.exec(text)
  const fenced = fence?.[1]?.trim()
  if (fence && fenced && (/^```(?:sql|postgres)/i.test(fence[0]) || STARTS.some((pattern) => pattern.test(fenced))))
    return { start: fence.index, end: fence.index + fence[0].length, sql: fenced }
  const starts = STARTS.flatMap((pattern) => pattern.exec(text)?.index ?? [])
  const announced = ANNOUNCED.exec(text)
  if (announced && text.slice(announced.index + announced[0].length).trim() !== '')
    starts.push(announced.index + announced[0].length)
  if (starts.length === 0) return undefined
  const start = Math.min(...starts)
  const end = endOf(text, start)
  const before = text[start - 1]
  const quoted = before !== undefined && `"'\`“`.includes(before)
  const closing = before === '“' ? '”' : before
  const close = quoted ? text.lastIndexOf(closing!, end - 1) : -1
  const sql = text.slice(start, close > start ? close : end)
  return { start, end, sql: sql.replace(/[\s.]+$/, '').trim() }
}
