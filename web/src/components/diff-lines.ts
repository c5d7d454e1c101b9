export type DiffLine = { kind: 'same' | 'old' | 'new'; text: string; oldLine?: number; newLine?: number }

const LIMIT = 4000

/** The shortest way from one text to another, line by line. Above 4,000 changed lines a side it says old, then new. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before === '' ? [] : before.split('\n')
  const b = after === '' ? [] : after.split('\n')
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const middle = diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const kinds = [
    ...a.slice(0, start).map((text) => ({ kind: 'same' as const, text })),
    ...middle,
    ...a.slice(a.length - end).map((text) => ({ kind: 'same' as const, text })),
  ]
  let oldLine = 0
  let newLine = 0
  return kinds.map((line) => ({
    ...line,
    ...(line.kind === 'new' ? {} : { oldLine: ++oldLine }),
    ...(line.kind === 'old' ? {} : { newLine: ++newLine }),
  }))
}

function diffMiddle(a: string[], b: string[]): DiffLine[] {
  const olds = a.map((text): DiffLine => ({ kind: 'old', text }))
  const news = b.map((text): DiffLine => ({ kind: 'new', text }))
  if (a.length === 0 || b.length === 0 || a.length * b.length > LIMIT * LIMIT) return [...olds, ...news]
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i] === b[j]
          ? table[(i + 1) * width + j + 1]! + 1
          : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!)
  const out: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      out.push({ kind: 'same', text: a[i]! })
      i++
      j++
    } else if (table[(i + 1) * width + j]! >= table[i * width + j + 1]!) out.push(olds[i++]!)
    else out.push(news[j++]!)
  }
  return [...out, ...olds.slice(i), ...news.slice(j)]
}

/** A value as text with its keys in a stable order, ready to be compared. */
export function comparable(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(sortKeys(value), null, 2) ?? ''
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sortKeys(one)]),
  )
}
