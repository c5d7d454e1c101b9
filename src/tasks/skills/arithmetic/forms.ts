import { add, type Fraction, fraction, keyText, multiply, parseNumber, power, toJson, type Value } from './exact.ts'
import { evaluateExpression } from './expression.ts'
import * as whole from './integers.ts'
import { STATISTICS, type Statistic, type StatisticResult, statisticOf } from './list-statistics.ts'

/** What a form found: the keys it fills and how a sentence names it. */
export type Found = {
  data: Record<string, StatisticResult | boolean>
  label: string
  headline: StatisticResult | boolean
}
/** A calculation recognised in a text. `run` computes; it throws INVALID_INPUT for numbers outside its limits. */
export type Form = { kind: string; text: string; run(): Found[] }

export const NUMBER = String.raw`[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?!\d)`
const RANGE = String.raw`\s*(?:to|through|thru|until|up\s+to|\.{2,3}|-)\s*`
const OF = String.raw`\s*(?:of|for|at)?\s*(?:the\s+)?(?:numbers?\s+)?\(?\s*`
const PRIMES = String.raw`\bprimes?(?:\s+numbers?)?`
const INTEGERS = String.raw`(?:all\s+)?(?:the\s+)?(?:(?:natural|whole|positive|integer)\s+)?(?:numbers?|integers)?\s*`
const LIST = String.raw`${NUMBER}(?![\d.]|th\b|st\b|nd\b|rd\b|\s*[!%*/^])(?:\s*(?:,\s*and\b|,|\band\b)\s*${NUMBER}(?![\d.]|th\b|st\b|nd\b|rd\b|\s*[!%*/^+-]\s*\S))*`

type Maker = (groups: string[]) => () => Found[]
type Pattern = { kind: string; source: string; make: Maker; caseSensitive?: true }

const num = (text: string | undefined) => parseNumber(text ?? '')
const exact = (n: bigint): Fraction => ({ n, d: 1n })
const one = (key: string, value: StatisticResult | boolean, label: string, more: Found['data'] = {}): Found[] => [
  { data: { [key]: value, ...more }, label, headline: value },
]
const numbersIn = (text: string): Fraction[] => {
  const spaced = /,\s|;|\band\b/.test(text) && /,\s/.test(text)
  const pattern = spaced ? new RegExp(NUMBER, 'g') : /[-+]?\d+(?:\.\d+)?/g
  return [...text.matchAll(pattern)].map(([found]) => parseNumber(found))
}

const forEach =
  (key: string, label: string, compute: (value: Value) => Value): Maker =>
  ([list]) =>
  () =>
    numbersIn(list ?? '').flatMap((value) =>
      one(`${key}_${keyText(value)}`, compute(value), `${label} of ${keyText(value)}`),
    )

const overRange =
  (key: string, label: string, compute: (a: Value, b: Value) => Value): Maker =>
  ([from, to]) =>
  () => {
    const [a, b] = [num(from), num(to)]
    return one(`${key}_${keyText(a)}_${keyText(b)}`, compute(a, b), `${label} of ${keyText(a)} to ${keyText(b)}`)
  }

const ofPair =
  (key: string, label: string, compute: (a: Value, b: Value) => Value): Maker =>
  ([first, second]) =>
  () => {
    const [a, b] = [num(first), num(second)]
    return one(`${key}_${keyText(a)}_${keyText(b)}`, compute(a, b), `${label} of ${keyText(a)} and ${keyText(b)}`)
  }

function primes(from: Value, to: Value): Found[] {
  const found = whole.primesBetween(from, to).map((prime) => exact(BigInt(prime)))
  const label = `primes between ${keyText(from)} and ${keyText(to)}`
  return one(`primes_${keyText(from)}_${keyText(to)}`, found, label, { count: exact(BigInt(found.length)) })
}

const primeTest: Maker =
  ([text]) =>
  () => {
    const n = num(text)
    return one(`is_prime_${keyText(n)}`, whole.isPrime(n), `${keyText(n)} is prime`)
  }

const raise = (base: Value, exponent: Value): Found[] =>
  one(
    `power_${keyText(base)}_${keyText(exponent)}`,
    power(base, exponent),
    `${keyText(base)} to the power of ${keyText(exponent)}`,
  )

const sum = overRange('sum', 'sum', (a, b) => exact(whole.rangeSum(a, b)))
const product = overRange('product', 'product', (a, b) => exact(whole.rangeProduct(a, b)))
const first =
  (make: Maker): Maker =>
  ([count]) =>
    make(['1', count ?? ''])
const root = forEach('sqrt', 'square root', whole.squareRoot)
const factorial = forEach('factorial', 'factorial', (n) => exact(whole.factorial(n)))
const fibonacci = forEach('fibonacci', 'fibonacci', (n) => exact(whole.fibonacci(n)))

/** In this order: an earlier pattern takes its text away from the later ones. */
export const PATTERNS: readonly Pattern[] = [
  {
    kind: 'percent',
    source: `(${NUMBER})\\s*(?:%|percent|per\\s+cent|pct)\\s+of\\s+(${NUMBER})`,
    make:
      ([p, n]) =>
      () => {
        const [share, base] = [num(p), num(n)]
        const label = `${keyText(share)} % of ${keyText(base)}`
        const value = multiply(multiply(share, base), fraction(1n, 100n))
        return one(`percent_${keyText(share)}_of_${keyText(base)}`, value, label)
      },
  },
  {
    kind: 'sum',
    source: `\\b(?:sum|total|add(?:\\s+up)?)(?:\\s+of)?\\s+${INTEGERS}(?:from\\s+)?(${NUMBER})${RANGE}(${NUMBER})`,
    make: sum,
  },
  {
    kind: 'sum',
    source: `\\b(?:sum|total|add(?:\\s+up)?)(?:\\s+of)?\\s+${INTEGERS}between\\s+(${NUMBER})\\s+and\\s+(${NUMBER})`,
    make: sum,
  },
  {
    kind: 'sum',
    source: `\\bsum\\s+of\\s+(?:the\\s+)?first\\s+(${NUMBER})\\s+(?:(?:natural|whole|positive|integer)\\s+)?(?:numbers|integers)`,
    make: first(sum),
  },
  {
    kind: 'product',
    source: `\\b(?:product|multiply)(?:\\s+of)?\\s+${INTEGERS}(?:from\\s+)?(${NUMBER})${RANGE}(${NUMBER})`,
    make: product,
  },
  {
    kind: 'product',
    source: `\\b(?:product|multiply)(?:\\s+of)?\\s+${INTEGERS}between\\s+(${NUMBER})\\s+and\\s+(${NUMBER})`,
    make: product,
  },
  {
    kind: 'primes',
    source: `${PRIMES}\\s+(?:between|from|in(?:\\s+the)?\\s+range(?:\\s+of)?)?\\s*(${NUMBER})(?:\\s+and\\s+|${RANGE})(${NUMBER})`,
    make:
      ([a, b]) =>
      () =>
        primes(num(a), num(b)),
  },
  {
    kind: 'primes',
    source: `${PRIMES}\\s+(?:up\\s+to|until|to)\\s+(${NUMBER})`,
    make:
      ([b]) =>
      () =>
        primes(fraction(2n), num(b)),
  },
  {
    kind: 'primes',
    source: `${PRIMES}\\s+(?:below|under|less\\s+than|smaller\\s+than)\\s+(${NUMBER})`,
    make:
      ([b]) =>
      () =>
        primes(fraction(2n), add(num(b), fraction(-1n))),
  },
  {
    kind: 'is_prime',
    source: `\\bis\\s+(?:the\\s+)?(?:number\\s+)?(${NUMBER})\\s+(?:a\\s+)?prime(?:\\s+number)?`,
    make: primeTest,
  },
  {
    kind: 'is_prime',
    source: `(?:\\b(?:if|whether|that)\\s+)?(${NUMBER})\\s+is\\s+(?:a\\s+)?prime(?:\\s+number)?`,
    make: primeTest,
  },
  { kind: 'is_prime', source: `\\bprimality\\s+of\\s+(${NUMBER})`, make: primeTest },
  {
    kind: 'gcd',
    source: `\\b(?:gcd|hcf|greatest\\s+common\\s+(?:divisor|factor|denominator)|highest\\s+common\\s+factor)${OF}(${NUMBER})\\s*(?:,|and)\\s*(${NUMBER})\\)?`,
    make: ofPair('gcd', 'gcd', (a, b) => exact(whole.greatestCommonDivisor(a, b))),
  },
  {
    kind: 'lcm',
    source: `\\b(?:lcm|(?:least|lowest|smallest)\\s+common\\s+(?:multiple|denominator))${OF}(${NUMBER})\\s*(?:,|and)\\s*(${NUMBER})\\)?`,
    make: ofPair('lcm', 'lcm', (a, b) => exact(whole.leastCommonMultiple(a, b))),
  },
  { kind: 'sqrt', source: `(?:\\bsquare\\s+roots?|\\bsqrt)${OF}(${LIST})\\)?`, make: root },
  { kind: 'sqrt', source: `√\\s*\\(?\\s*(${NUMBER})\\)?`, make: root },
  {
    kind: 'power',
    source: `(${NUMBER})\\s+(?:raised\\s+)?to\\s+(?:the\\s+)?power\\s+(?:of\\s+)?(${NUMBER})`,
    make:
      ([a, b]) =>
      () =>
        raise(num(a), num(b)),
  },
  {
    kind: 'power',
    source: `(${NUMBER})\\s+raised\\s+to\\s+(${NUMBER})`,
    make:
      ([a, b]) =>
      () =>
        raise(num(a), num(b)),
  },
  {
    kind: 'power',
    source: `(${NUMBER})\\s+to\\s+the\\s+(\\d+)(?:st|nd|rd|th)\\s+power`,
    make:
      ([a, b]) =>
      () =>
        raise(num(a), num(b)),
  },
  {
    kind: 'power',
    source: `\\bpower\\s+of\\s+(${NUMBER})\\s+(?:to|and|by)\\s+(${NUMBER})`,
    make:
      ([a, b]) =>
      () =>
        raise(num(a), num(b)),
  },
  {
    kind: 'power',
    source: `(${NUMBER})\\s+squared\\b`,
    make:
      ([a]) =>
      () =>
        raise(num(a), fraction(2n)),
  },
  {
    kind: 'power',
    source: `(${NUMBER})\\s+cubed\\b`,
    make:
      ([a]) =>
      () =>
        raise(num(a), fraction(3n)),
  },
  {
    kind: 'fibonacci',
    source: `\\bfirst\\s+(${NUMBER})\\s+(?:terms\\s+of\\s+the\\s+)?fibonacci(?:\\s+(?:numbers|terms|sequence))?`,
    make:
      ([n]) =>
      () => {
        const count = num(n)
        const label = `first ${keyText(count)} fibonacci numbers`
        return one(`fibonacci_first_${keyText(count)}`, whole.fibonacciSequence(count).map(exact), label)
      },
  },
  {
    kind: 'fibonacci',
    source: `(${NUMBER})(?:st|nd|rd|th)\\s+(?:(?:term|number)\\s+of\\s+the\\s+)?fibonacci(?:\\s+(?:numbers?|term|sequence))?`,
    make: fibonacci,
  },
  {
    kind: 'fibonacci',
    source: `\\bfibonacci(?:\\s+(?:numbers?|terms?|value|sequence))?${OF}(?:n\\s*=\\s*)?(${LIST})\\)?`,
    make: fibonacci,
  },
  { kind: 'fibonacci', source: `\\bF\\(\\s*(${NUMBER})\\s*\\)`, make: fibonacci, caseSensitive: true },
  { kind: 'factorial', source: `\\bfactorials?${OF}(${LIST})\\)?`, make: factorial },
  { kind: 'factorial', source: `(${NUMBER})\\s+factorial\\b`, make: factorial },
]

const STATISTIC_WORDS: Readonly<Record<Statistic, string>> = {
  mean: 'arithmetic mean|mean|averages?|avg',
  median: 'median',
  mode: 'modes?',
  stdev: '(?:sample |population )?standard deviations?|std\\.? ?dev|stdev|std',
  variance: '(?:sample |population )?variances?',
  min: 'minimum|min|smallest|lowest',
  max: 'maximum|max|largest|highest|greatest|biggest',
  range: 'range',
  sum: 'sum|total|add(?: up)?',
  product: 'product|multiply',
  count: 'count',
}
const ALL_WORDS = /\b(?:(?:descriptive |basic |summary )?statistics|stats)\b/i

/** Statistics of listed numbers: the words may stand before or after the list. */
export function readStatistics(text: string): { form: Form; rest: string } | undefined {
  const word = (name: Statistic) => new RegExp(`\\b(?:${STATISTIC_WORDS[name]})\\b`, 'gi')
  const asked = ALL_WORDS.test(text)
    ? STATISTICS.filter((name) => name !== 'product')
    : STATISTICS.filter((name) => word(name).test(text))
  if (asked.length === 0) return undefined
  const separated = new RegExp(`${NUMBER}(?:\\s*(?:,\\s*and\\b|[,;]|\\band\\b|\\s)\\s*${NUMBER})*`, 'gi')
  const lists = [...text.matchAll(separated)].filter(([list]) => !/^\d{4}-\d\d-\d\d$/.test(list))
  const list = lists.reduce<string>((longest, [found]) => (found.length > longest.length ? found : longest), '')
  if (!list) return undefined
  const values = numbersIn(list)
  const isDirect = /\b(?:of|for|numbers?|values?|list|data|series|set|:)\s*[:([{]?\s*$/i.test(
    text.slice(0, text.indexOf(list)),
  )
  if (values.length < 2 && !isDirect) return undefined
  let rest = text.replace(list, ' ').replace(ALL_WORDS, ' ')
  for (const name of asked) rest = rest.replace(word(name), ' ')
  const run = () =>
    asked.map((name): Found => {
      const data = statisticOf(name, values)
      const label = name === 'stdev' ? 'standard deviation' : name
      return { data, label, headline: Object.values(data).at(-1) ?? null }
    })
  return { form: { kind: 'statistics', text: list, run }, rest }
}

const WORD_OPERATORS: readonly [RegExp, string][] = [
  [/(?<=[\d)]\s*)\b(?:plus|added to)\b(?=\s*[-+(\d.])/gi, '+'],
  [/(?<=[\d)]\s*)\bminus\b(?=\s*[-+(\d.])/gi, '-'],
  [/(?<=[\d)]\s*)(?:\b(?:times|multiplied by)\b|\bx\b|(?<=\d)x(?=\d))(?=\s*[-+(\d.])/gi, '*'],
  [/(?<=[\d)]\s*)\b(?:divided by|over)\b(?=\s*[-+(\d.])/gi, '/'],
  [/(?<=[\d)]\s*)\b(?:mod|modulo|modulus)\b(?=\s*[-+(\d.])/gi, '%'],
]
const PLAIN = String.raw`(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+)?`
const OPERAND = String.raw`[(\s+-]*(?=[\d.])${PLAIN}[)\s]*`
const EXPRESSION = new RegExp(String.raw`(?<![\w.,/:])${OPERAND}(?:(?:\*\*|[-+*/%^])${OPERAND})+(?![\w%])`, 'g')
const LONE_POWER = new RegExp(String.raw`^(${NUMBER})\s*(?:\^|\*\*)\s*(${NUMBER})$`)
const DATE = /^\d{1,4}[-/]\d{1,2}[-/]\d{1,4}$/

/** Expressions such as `2 + 2`; words for the operators count between numbers. */
export function readExpressions(text: string): { forms: Form[]; rest: string } {
  let worded = text
  for (const [pattern, operator] of WORD_OPERATORS) worded = worded.replace(pattern, operator)
  const forms: Form[] = []
  const rest = worded.replace(EXPRESSION, (match) => {
    const source = match.trim()
    if (DATE.test(source)) return match
    forms.push({ kind: 'expression', text: source, run: () => runExpression(source) })
    return ' '
  })
  return forms.length > 0 ? { forms, rest } : { forms, rest: text }
}

function runExpression(source: string): Found[] {
  const value = evaluateExpression(source)
  const lone = LONE_POWER.exec(source)
  const key = lone && `power_${keyText(num(lone[1]))}_${keyText(num(lone[2]))}`
  return [{ data: { ...(key && { [key]: value }), result: value }, label: source, headline: value }]
}

export const jsonOf = (value: StatisticResult | boolean): { value: unknown; asString: boolean } => {
  if (value === null || typeof value === 'boolean') return { value, asString: false }
  if (!Array.isArray(value)) return toJson(value)
  const items = value.map(toJson)
  return { value: items.map((item) => item.value), asString: items.some((item) => item.asString) }
}
