import { isMap, type Json } from '../loop/core/json.ts'
import type { SweepGroup, SweepMeasure, SweepRow } from '../schema.ts'
import { csvLine } from './csv-cell.ts'

type State = { global_state?: Record<string, unknown>; agents?: Record<string, Record<string, unknown>> }

const FOLDS: Record<string, (values: readonly number[]) => number> = {
  mean: (values) => sum(values) / values.length,
  sum: (values) => sum(values),
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const FOLDED = /^(mean|sum|min|max)\(([^()]+)\)$/
const asNumber = (value: unknown): number | null =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null

/**
 * A number out of a final state: a global variable, `agent.variable`, or `mean|sum|min|max(variable)` over the agents; the bare
 * name of a variable only agents have is its mean. Null when there is none.
 */
export function measureOf(state: State, measure: string): number | null {
  const folded = FOLDED.exec(measure)
  if (folded) return overAgents(state, folded[2]!, folded[1]!)
  const { global_state: globals = {}, agents = {} } = state
  if (Object.hasOwn(globals, measure)) return asNumber(globals[measure])
  const at = measure.lastIndexOf('.')
  const agent = at > 0 ? agents[measure.slice(0, at)] : undefined
  return agent ? asNumber(agent[measure.slice(at + 1)]) : overAgents(state, measure, 'mean')
}

function overAgents({ agents = {} }: State, variable: string, fold: string): number | null {
  const values = Object.values(agents).map((agent) => asNumber(agent[variable]))
  const numbers = values.filter((value) => value !== null)
  return numbers.length === 0 ? null : FOLDS[fold]!(numbers)
}

/** The measures of a sweep that names none: every numeric global variable, else the mean of every numeric variable of agents. */
export function defaultMeasures(state: State): string[] {
  const numeric = (map: unknown) => (isMap(map) ? Object.keys(map).filter((name) => typeof map[name] === 'number') : [])
  const globals = numeric(state.global_state)
  if (globals.length > 0) return globals
  return numeric(Object.values(state.agents ?? {})[0]).map((name) => `mean(${name})`)
}

export function statisticsOf(values: readonly number[]): SweepMeasure {
  const n = values.length
  if (n === 0) return { n, mean: null, sd: null, min: null, max: null }
  const mean = sum(values) / n
  const variance = n < 2 ? null : sum(values.map((value) => (value - mean) ** 2)) / (n - 1)
  return {
    n,
    mean,
    sd: variance === null ? null : Math.sqrt(variance),
    min: Math.min(...values),
    max: Math.max(...values),
  }
}

/** Rows of equal parameters together, over their seeds, in the order of the rows. */
export function groupRows(rows: readonly SweepRow[], measures: readonly string[]): SweepGroup[] {
  const groups = new Map<string, SweepRow[]>()
  for (const row of rows) {
    const key = JSON.stringify(row.parameters)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].map((own) => ({
    parameters: own[0]!.parameters,
    runs: own.length,
    done: own.filter(({ status }) => status === 'completed').length,
    measures: Object.fromEntries(
      measures.map((name) => {
        const values = own.map(({ measures: found }) => found[name]).filter((value) => typeof value === 'number')
        return [name, statisticsOf(values)]
      }),
    ),
  }))
}

/** One line a run: parameters, seed, how it ended, measures. */
export function sweepCsv(paths: readonly string[], measures: readonly string[], rows: readonly SweepRow[]): string {
  const head = csvLine(['position', ...paths, 'seed', 'run_id', 'status', 'final_turn', ...measures])
  const lines = rows.map((row) =>
    csvLine([
      row.position,
      ...paths.map((path) => row.parameters[path] as Json),
      row.seed,
      row.run_id,
      row.status,
      row.final_turn,
      ...measures.map((name) => row.measures[name]),
    ]),
  )
  return head + lines.join('')
}
