import type { TroupeEvent } from './events-api.ts'

/** How a row stands to the chosen event: a direct cause or a direct effect of it; undefined otherwise. */
export function relationOf(
  chosen: Pick<TroupeEvent, 'id' | 'causes'> | undefined,
  event: Pick<TroupeEvent, 'id' | 'causes'>,
): 'cause' | 'effect' | undefined {
  if (!chosen || chosen.id === event.id) return undefined
  if (chosen.causes.includes(event.id)) return 'cause'
  return event.causes.includes(chosen.id) ? 'effect' : undefined
}

const LOOK = { cause: 'bg-waiting-soft', effect: 'bg-running-soft' }

/** The class that highlights causes and effects of the chosen event among the listed ones. */
export function relationClass(
  rows: readonly TroupeEvent[],
  chosenId: string | undefined,
  event: TroupeEvent,
): string | undefined {
  if (!chosenId) return undefined
  const relation = relationOf(
    rows.find((row) => row.id === chosenId),
    event,
  )
  return relation && LOOK[relation]
}
