import type { Language } from './languages.ts'

export type CodeMetrics = {
  lines: number
  functions: number
  longest_function: { name: string; lines: number } | null
  cyclomatic_complexity: number
  todo_count: number
}

/** The code with comments and texts blanked: every character keeps its place and every line its number. */
export function blank(text: string, { lineComments, blockComments, quotes }: Language): string {
  let result = ''
  let at = 0
  const hide = (to: number) => {
    result += text.slice(at, to).replace(/[^\n]/g, ' ')
    at = to
  }
  while (at < text.length) {
    const block = blockComments.find(([open]) => text.startsWith(open, at))
    const quote = quotes.find((mark) => text.startsWith(mark, at))
    if (block) {
      const end = text.indexOf(block[1], at + block[0].length)
      hide(end < 0 ? text.length : end + block[1].length)
    } else if (lineComments.some((mark) => text.startsWith(mark, at) && !(mark === '#' && text[at - 1] === '$'))) {
      const end = text.indexOf('\n', at)
      hide(end < 0 ? text.length : end)
    } else if (quote) hide(endOfText(text, at, quote))
    else result += text[at++]
  }
  return result
}

/** A text in single or double quotes ends with its line at the latest: an apostrophe must not swallow the rest. */
function endOfText(text: string, start: number, quote: string): number {
  const spansLines = quote.length > 1 || quote === '`'
  for (let at = start + quote.length; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text.startsWith(quote, at)) return at + quote.length
    else if (text[at] === '\n' && !spansLines) return at
  }
  return text.length
}

const lineOf = (code: string, at: number): number => {
  let line = 1
  for (let i = code.indexOf('\n'); i >= 0 && i < at; i = code.indexOf('\n', i + 1)) line++
  return line
}

/** Line of the brace that closes the first one after `from`; the line of the end for an arrow function without one. */
function endOfBraces(code: string, from: number): number {
  const open = code.indexOf('{', from)
  const stop = code.slice(from).search(/;|\n\s*\n/)
  if (open < 0 || (stop >= 0 && from + stop < open && !/[{(]/.test(code.slice(from, from + stop))))
    return lineOf(code, stop < 0 ? code.length : from + stop)
  let depth = 0
  for (let at = open; at < code.length; at++) {
    if (code[at] === '{') depth++
    else if (code[at] === '}' && --depth === 0) return lineOf(code, at)
  }
  return lineOf(code, code.length)
}

const indentOf = (line: string): number => /^[ \t]*/.exec(line)![0].replaceAll('\t', '    ').length

/** The last line that is deeper than the one that defines the function. */
function endOfIndent(lines: readonly string[], start: number): number {
  const own = indentOf(lines[start - 1]!)
  let last = start
  for (let n = start; n < lines.length; n++) {
    const line = lines[n]!
    if (line.trim() === '') continue
    const closesSignature = /^\s*\)/.test(line)
    if (indentOf(line) <= own && !closesSignature) break
    last = n + 1
  }
  return last
}

/** The `end` with the indentation of the definition. */
function endOfEnd(lines: readonly string[], start: number): number {
  const own = indentOf(lines[start - 1]!)
  for (let n = start; n < lines.length; n++) if (/^\s*end\b/.test(lines[n]!) && indentOf(lines[n]!) <= own) return n + 1
  return lines.length
}

type Found = { name: string; at: number }

/** Functions in order of their place; one that several patterns find counts once. */
function findFunctions(code: string, { functions }: Language): Found[] {
  const found = new Map<number, Found>()
  for (const pattern of functions)
    for (const match of code.matchAll(pattern)) {
      const lead = /^\s*/.exec(match[0])![0].length
      const at = match.index + lead
      const line = lineOf(code, at)
      const known = [...found.values()].find(
        (other) => lineOf(code, other.at) === line && (other.name === (match[1] ?? '') || Math.abs(other.at - at) < 3),
      )
      if (!known) found.set(at, { name: match[1] || 'anonymous', at })
    }
  return [...found.values()].sort((a, b) => a.at - b.at)
}

/** Figures of one source text. The complexity is an estimate: one per function (at least one) plus one per decision. */
export function measureCode(text: string, language: Language): CodeMetrics {
  const source = text.replace(/\r\n?/g, '\n')
  const code = blank(source, language)
  const lines = code.split('\n')
  const count = source === '' ? 0 : source.split('\n').length - (source.endsWith('\n') ? 1 : 0)
  const functions = findFunctions(code, language).map(({ name, at }) => {
    const start = lineOf(code, at)
    const end =
      language.family === 'indent'
        ? endOfIndent(lines, start)
        : language.family === 'end'
          ? endOfEnd(lines, start)
          : endOfBraces(code, at)
    return { name, lines: Math.max(1, end - start + 1) }
  })
  const longest = functions.reduce<CodeMetrics['longest_function']>(
    (best, item) => (best && best.lines >= item.lines ? best : item),
    null,
  )
  const decisions = code.match(language.decisions)?.length ?? 0
  return {
    lines: count,
    functions: functions.length,
    longest_function: longest,
    cyclomatic_complexity: Math.max(1, functions.length) + decisions,
    todo_count: source.match(/\bTODO\b/g)?.length ?? 0,
  }
}
