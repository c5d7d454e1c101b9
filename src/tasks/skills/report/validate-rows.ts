import { isMissing, type Row } from '../../tables/table.ts'

export type Problem = { row: number; field: string; problem: 'missing' | 'wrong_type' | 'malformed' }
export type Validation = { validCount: number; invalidCount: number; problems: Problem[] }

type Kind = 'number' | 'boolean' | 'text' | 'list' | 'object'
const kindOf = (value: unknown): Kind =>
  typeof value === 'number'
    ? 'number'
    : typeof value === 'boolean'
      ? 'boolean'
      : Array.isArray(value)
        ? 'list'
        : typeof value === 'object'
          ? 'object'
          : 'text'

const EMAIL = /^[^\s@<>()[\]\\,;:"]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,}$/u
const isUrl = (text: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text) && !/\s/.test(text)
const EMAIL_NAME = /e[-_ ]?mail/i
const URL_NAME = /(?:^|[_\s-])(?:url|uri|link|website|homepage|href)s?$/i

/** The kind most values of a column have; the first one seen when two are equally frequent. */
function usualKind(values: readonly unknown[]): Kind | undefined {
  const counts = new Map<Kind, number>()
  for (const value of values) if (!isMissing(value)) counts.set(kindOf(value), (counts.get(kindOf(value)) ?? 0) + 1)
  let best: Kind | undefined
  for (const [kind, count] of counts) if (best === undefined || count > counts.get(best)!) best = kind
  return best
}

type Form = 'email' | 'url' | undefined

/** What texts of a column must look like: told by its name, or by most of its values. */
function formOf(name: string, values: readonly unknown[]): Form {
  if (EMAIL_NAME.test(name)) return 'email'
  if (URL_NAME.test(name)) return 'url'
  const texts = values.filter((value): value is string => typeof value === 'string' && !isMissing(value))
  if (texts.length < 2) return undefined
  const most = (test: (text: string) => boolean) => texts.filter((text) => test(text.trim())).length > texts.length / 2
  if (most((text) => EMAIL.test(text))) return 'email'
  return most(isUrl) ? 'url' : undefined
}

/** Problems of records by what the other records are like (contract 4.4 S7). Rows count from 1. */
export function validateRows(rows: readonly Row[]): Validation {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const checks = fields.map((field) => {
    const values = rows.map((row) => row[field])
    return {
      field,
      kind: usualKind(values),
      form: formOf(field, values),
      isUsed: values.some((value) => !isMissing(value)),
    }
  })
  const problems: Problem[] = []
  const invalid = new Set<number>()
  for (const [at, row] of rows.entries())
    for (const { field, kind, form, isUsed } of checks) {
      if (!isUsed) continue
      const problem = problemOf(row[field], kind, form)
      if (!problem) continue
      problems.push({ row: at + 1, field, problem })
      invalid.add(at)
    }
  return { validCount: rows.length - invalid.size, invalidCount: invalid.size, problems }
}

function problemOf(value: unknown, kind: Kind | undefined, form: Form): Problem['problem'] | undefined {
  if (isMissing(value)) return 'missing'
  if (kind !== undefined && kindOf(value) !== kind) return 'wrong_type'
  if (typeof value !== 'string') return undefined
  if (form === 'email' && !EMAIL.test(value.trim())) return 'malformed'
  return form === 'url' && !isUrl(value.trim()) ? 'malformed' : undefined
}
