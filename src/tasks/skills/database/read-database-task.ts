import { findSql } from '../../sql-text.ts'
import type { SkillRequest } from '../skill.ts'

/** What a step asks of the database. Pure. */
export type DatabaseTask =
  | { kind: 'query'; sql: string; file: string | undefined; isExport: boolean }
  | { kind: 'list' }
  | { kind: 'describe'; table: string }
  | { kind: 'store'; table: string | undefined }

const IDENTIFIER = String.raw`["'“\x60]?([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)?)["'”\x60]?`
const NO_NAME =
  /^(?:the|a|an|it|them|this|that|named|called|for|with|of|in|and|as|new|data|rows?|records?|results?|format|form|please|then|using|to|from|into)$/i

const named = (text: string, patterns: readonly RegExp[]): string | undefined => {
  for (const pattern of patterns)
    for (const match of text.matchAll(new RegExp(pattern, 'gi')))
      if (match[1] && !NO_NAME.test(match[1])) return match[1]
  return undefined
}

/** The table a text names: "in table T", "table named T", "the T table". */
export const tableIn = (text: string): string | undefined =>
  named(text, [
    new RegExp(String.raw`\btable\s+(?:(?:named|called)\s+)?${IDENTIFIER}`),
    new RegExp(String.raw`\b(?:the|a|in|into|to|of|from)\s+${IDENTIFIER}\s+(?:database\s+)?table\b`),
    new RegExp(String.raw`\binto\s+${IDENTIFIER}(?=\s*(?:$|[.,;]))`),
  ])

/** SQL that a person continued in prose: "SELECT … and export to CSV" ends before the prose. */
function trimProse(sql: string): string {
  const match =
    /\s+(?:and|then|,)\s+(?:export|save|store|write|convert|create|generate|plot|show|return|summari[sz]e|report)\b[^'"]*$/i.exec(
      sql,
    )
  return match ? sql.slice(0, match.index) : sql
}

function readQuery(text: string): string | undefined {
  const rows =
    /\b(?:show|get|list|read|fetch|select|return|query|display)\s+(?:me\s+)?(?:all\s+)?(?:the\s+)?(?:rows?|records?|contents?|data|entries|everything)\s+(?:of|from|in)\b/i
  const count = /\b(?:count|how\s+many|number\s+of)\s+(?:the\s+)?(?:rows?|records?|entries)\b/i
  const table = tableIn(text)
  if (table === undefined || !/^[a-z_][a-z0-9_]*$/i.test(table)) return undefined
  if (count.test(text)) return `SELECT count(*)::int AS count FROM "${table.toLowerCase()}"`
  return rows.test(text) ? `SELECT * FROM "${table.toLowerCase()}" LIMIT 1000` : undefined
}

/** Undefined when the text asks for nothing this skill can do. SQL of the text wins over input_data.sql, except after a retry that gave it. */
export function readDatabaseTask({ description, inputData, overrides }: SkillRequest): DatabaseTask | undefined {
  const text = description.replace(/https?:\/\/\S+/gi, ' ')
  const given = typeof inputData['sql'] === 'string' && inputData['sql'].trim() !== '' ? inputData['sql'] : undefined
  const written = findSql(description)
  const sql = overrides.has('sql') && given !== undefined ? given : written ? trimProse(written.sql) : given
  const around = written
    ? `${description.slice(0, written.start)} ${description.slice(written.start + written.sql.length)}`
    : text
  const isExport = /\b(?:export|save|write)\b[^.]*\b(?:csv|file)\b|\b(?:to|as)\s+csv\b/i.test(around)
  const file = isExport ? /\b[\w-]+\.csv\b/i.exec(around)?.[0] : undefined
  if (sql !== undefined) return { kind: 'query', sql, file, isExport }
  const describe = /\b(?:describe|schema\s+of|structure\s+of|columns\s+of)\b/i.test(text)
    ? (tableIn(text) ?? named(text, [new RegExp(String.raw`\bdescribe\s+(?:the\s+)?${IDENTIFIER}`)]))
    : undefined
  if (describe !== undefined && !/^tables?$/i.test(describe)) return { kind: 'describe', table: describe }
  const query = readQuery(text)
  if (query !== undefined) return { kind: 'query', sql: query, file, isExport }
  if (
    /\b(?:list|show|describe|which|what)\b(?:\s+\w+){0,4}?\s+tables?\b/i.test(text) &&
    !/\b(?:store|save|insert)\b/i.test(text)
  )
    return { kind: 'list' }
  if (
    /\b(?:store|save|insert|load|put|write|add|persist)\w*\b/i.test(text) &&
    /\b(?:database|db|tables?|agent_data)\b/i.test(text)
  ) {
    const table = typeof inputData['table'] === 'string' ? inputData['table'] : undefined
    return { kind: 'store', table: overrides.has('table') ? table : (tableIn(text) ?? table) }
  }
  return undefined
}
