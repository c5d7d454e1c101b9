import { type Form, NUMBER, PATTERNS, readExpressions, readStatistics } from './forms.ts'

const FILLERS = new Set(
  `a an the of for and or then also both each all it its is are was what whats which how much many this that these those
  calculate compute calculation calculations computation find determine evaluate evaluation solve work out get give tell show return print output
  report state say please simple quick result results value values number numbers integer integers answer expression equation equals equal sum formula
  exact exactly using with from to by in on me us my you can could would i need want know first firstly second secondly third next finally lastly
  afterwards after independently parallel separately simultaneously concurrently same time mathematics math maths mathematical arithmetic following
  let lets do be will task step check test verify whether if list listed display provide`.split(/\s+/),
)
const FOREIGN =
  /\b(?:write|code|function|script|program|poem|sonnet|story|essay|explain|describe|translate|csv|xlsx|excel|json|file|files|table|column|columns|row|rows|database|sql|website|web|url|http|https|api|chart|charts|plot|graph|email|emails|document|attached|attachment|report on|search|download|fetch|scrape)\b/i

export type Reading = {
  forms: Form[]
  /** Words that no form explains. */
  leftover: string[]
  /** 0 to 1: how surely the text asks for these calculations and nothing else. */
  confidence: number
}

export const normaliseMaths = (text: string): string =>
  text
    .replace(/[−‒]/g, '-')
    .replace(/(?<=\d)\s?[–—]\s?(?=\d)/g, '-')
    .replace(/[×·∙]/g, '*')
    .replace(/÷/g, '/')
    .replace(/\s+/g, ' ')
    .trim()

const COMPILED = PATTERNS.map(({ source, caseSensitive, ...rest }) => ({
  ...rest,
  pattern: new RegExp(source, caseSensitive ? 'g' : 'gi'),
}))
const BARE_FACTORIAL = new RegExp(`(?<![\\w.])(${NUMBER})!(?!=)`, 'g')

/**
 * Every calculation of S1 in a text. A plain expression counts only when the text asks for a calculation or says nothing else, so that dates,
 * ranges and addresses are not taken for sums.
 */
export function readForms(given: string): Reading {
  let text = normaliseMaths(given)
  const forms: Form[] = []
  for (const { kind, pattern, make } of COMPILED)
    text = text.replace(pattern, (...found) => {
      const groups = found.slice(
        1,
        found.findIndex((part) => typeof part === 'number'),
      ) as string[]
      forms.push({ kind, text: found[0], run: make(groups) })
      return ' '
    })
  const statistics = readStatistics(text)
  if (statistics) {
    forms.push(statistics.form)
    text = statistics.rest
  }
  text = text.replace(BARE_FACTORIAL, (match, number: string) => {
    const factorial = PATTERNS.findLast(({ kind }) => kind === 'factorial')!
    forms.push({ kind: 'factorial', text: match, run: factorial.make([number]) })
    return ' '
  })
  const expressions = readExpressions(text)
  const rest = wordsOf(expressions.rest)
  const asks = /\b(?:calculat|comput|evaluat|solve|what is|what's|how much|result of|value of|work out)/i.test(given)
  if (expressions.forms.length > 0 && (asks || rest.length === 0)) {
    forms.push(...expressions.forms)
    text = expressions.rest
  }
  const leftover = wordsOf(text)
  return { forms, leftover, confidence: forms.length === 0 ? 0 : confidenceOf(given, leftover) }
}

const wordsOf = (text: string): string[] =>
  (text.match(/\p{L}[\p{L}\d'’_-]*|\d[\d.,]*/gu) ?? []).filter(
    (word) => !FILLERS.has(word.toLowerCase().replace(/['’]/g, '')),
  )

function confidenceOf(text: string, leftover: readonly string[]): number {
  if (leftover.length === 0) return 1
  if (FOREIGN.test(text) || leftover.length > 4) return 0.3
  return leftover.length <= 2 ? 0.9 : 0.8
}

export const hasArithmetic = (text: string): boolean => readForms(text).forms.length > 0
