import type { Aggregate } from '../../tables/statistics.ts'
import type { Column } from '../../tables/table.ts'
import { anyColumnPattern, findColumn } from './columns-in-text.ts'
import type { Measure } from './plan.ts'

const AGGREGATE_WORDS: readonly [Aggregate, string][] = [
  ['sum', String.raw`sums?|totals?|totall?ed|add(?:ed)?\s+up|aggregated?`],
  ['mean', 'averages?|mean|avg'],
  ['median', 'medians?'],
  ['min', 'minimum|min|minima|lowest|smallest|least'],
  ['max', 'maximum|max|maxima|highest|largest|greatest|biggest'],
  ['count', String.raw`counts?|number\s+of|how\s+many`],
]
const ANY_AGGREGATE = AGGREGATE_WORDS.map(([, words]) => words).join('|')

const aggregateOfWord = (word: string): Aggregate =>
  AGGREGATE_WORDS.find(([, words]) => new RegExp(`^(?:${words})$`, 'iu').test(word))![0]

export type ReadMeasures = { pairs: { column: Column; aggregates: Aggregate[] }[]; loose: Aggregate[] }

/** "mean and max of price, total units" -> price: mean, max; units: sum. Aggregates without a column stay loose. */
export function readMeasures(text: string, columns: readonly Column[]): ReadMeasures {
  const numeric = columns.filter(({ type }) => type === 'number')
  const token = new RegExp(
    `(?<![\\p{L}\\p{N}_])(?:(${ANY_AGGREGATE})|(${anyColumnPattern(numeric)}))(?![\\p{L}\\p{N}_])`,
    'giu',
  )
  const pairs: ReadMeasures['pairs'] = []
  let waiting: Aggregate[] = []
  let last: Aggregate[] = []
  for (const [, word, name] of text.matchAll(token)) {
    const column = name === undefined ? undefined : findColumn(numeric, name)
    // A column may be called "total" or "count": then it is meant where an aggregate stands before it.
    const asColumn = column ?? (word !== undefined && waiting.length > 0 ? findColumn(numeric, word) : undefined)
    if (asColumn) {
      if (waiting.length > 0) last = waiting
      waiting = []
      const known = pairs.find((pair) => pair.column === asColumn)
      if (known) known.aggregates = [...new Set([...known.aggregates, ...last])]
      else pairs.push({ column: asColumn, aggregates: [...last] })
    } else if (word !== undefined) waiting = [...new Set([...waiting, aggregateOfWord(word)])]
  }
  return { pairs, loose: waiting }
}

/** Fills in what was not named: aggregates by `fallback`, value columns all numeric ones. */
export function completeMeasures(
  { pairs, loose }: ReadMeasures,
  columns: readonly Column[],
  fallback: readonly Aggregate[],
): Measure[] {
  if (pairs.length > 0)
    return pairs.map(({ column, aggregates }) => {
      const named = aggregates.length > 0 ? aggregates : loose.filter((name) => name !== 'count')
      return { column, aggregates: named.length > 0 ? named : [...fallback] }
    })
  const aggregates = loose.length > 0 ? loose : [...fallback]
  return columns.filter(({ type }) => type === 'number').map((column) => ({ column, aggregates }))
}

export const isCountOnly = ({ pairs, loose }: ReadMeasures): boolean =>
  pairs.length === 0 && loose.length === 1 && loose[0] === 'count'
