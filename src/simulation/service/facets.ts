import { formatMicros } from '../loop/core/timestamp.ts'
import { EVENT_TYPES } from '../loop/events/event.ts'
import type { FacetsResponse } from '../schema.ts'
import type { RunIndex } from './run-index.ts'

const tallyOf = (index: RunIndex, type: string): Record<string, number> => {
  const prefix = `${type}:`
  const entries = Object.entries(index.subjects.tally()).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(entries.map(([name, count]) => [name.slice(prefix.length), count]))
}

/** Values for filter controls with the number of events each yields. */
export function facetsOf(index: RunIndex): FacetsResponse {
  const perAgent = index.agentNames.names.map(() => 0)
  index.combinations.forEach(({ involved }, i) => {
    for (const agent of involved) perAgent[agent]! += index.combinationCounts[i]!
  })
  const agents = index.agentNames.names.map((name, i) => [name, perAgent[i]!] as const)
  const isEmpty = index.length === 0
  return {
    event_types: Object.fromEntries(
      EVENT_TYPES.map((type, i) => [type, index.typeCounts[i]!]),
    ) as FacetsResponse['event_types'],
    agents: Object.fromEntries(agents.sort((a, b) => (a[0] < b[0] ? -1 : 1))),
    turns: { min: isEmpty ? null : index.minTurn, max: isEmpty ? null : index.maxTurn },
    time: { min: isEmpty ? null : formatMicros(index.minMicros), max: isEmpty ? null : formatMicros(index.maxMicros) },
    decision_types: tallyOf(index, 'DECISION'),
    action_types: tallyOf(index, 'ACTION'),
    variables: tallyOf(index, 'STATE'),
    interaction_types: index.interactions.tally(),
  }
}
