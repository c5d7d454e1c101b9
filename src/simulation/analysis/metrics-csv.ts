import type { EventService } from '../service/event-service.ts'
import { csvLine } from './csv-cell.ts'
import { runValues } from './run-values.ts'
import { byKey, keyOf, variableName } from './variable-keys.ts'

export type MetricsOptions = {
  /** Names as shown (`wealth`, `ada.wealth`); a variable's bare name means that of every agent. All when absent. */
  variables?: readonly string[] | undefined
  /** One row per turn with a column per variable, or one row per turn and variable. */
  shape?: 'wide' | 'long'
}

export const isWanted = (key: string, names: readonly string[] | undefined): boolean => {
  if (!names) return true
  const { agent, variable } = keyOf(key)
  return names.includes(variable) || names.includes(variableName({ agent, variable }))
}

/** Every variable that occurs in a run, in the order of the columns. */
async function columnsOf(service: EventService, id: string, names: readonly string[] | undefined): Promise<string[]> {
  const keys = new Set<string>()
  for await (const { changed } of runValues(service, id)) for (const key of changed) keys.add(key)
  return [...keys].filter((key) => isWanted(key, names)).sort(byKey)
}

/** The variables of a run turn by turn as CSV, piece by piece: equal runs give equal bytes. Throws NOT_FOUND. */
export async function* metricsCsv(
  service: EventService,
  id: string,
  { variables, shape = 'wide' }: MetricsOptions = {},
): AsyncGenerator<string> {
  const columns = await columnsOf(service, id, variables)
  const names = columns.map((key) => variableName(keyOf(key)))
  yield csvLine(shape === 'wide' ? ['turn', ...names] : ['turn', 'agent', 'variable', 'value'])
  for await (const { turn, values } of runValues(service, id)) {
    if (shape === 'wide') yield csvLine([turn, ...columns.map((key) => values.get(key))])
    else
      for (const key of columns) {
        const { agent, variable } = keyOf(key)
        if (values.has(key)) yield csvLine([turn, agent, variable, values.get(key)])
      }
  }
}
