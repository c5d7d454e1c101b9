import type { EventFilter, EventPage, TroupeEvent } from './schema.ts'

export type Traversal = { event: TroupeEvent; depth: number }
export type Cursor = string

/** Events that causes and effects return at most. */
export const MAX_TRAVERSED = 2_000

/**
 * Reads an event store. Two stores implement it (PostgreSQL here, JSONL in simulation); `test/_event-reader-conformance.ts` is
 * one suite for both. Reading never writes.
 */
export interface EventReader {
  /** Newest first, or oldest first with `ascending`. `after` is an event id; an unknown one gives an empty page. */
  page(filter: EventFilter, options: { limit: number; after?: string; ascending?: boolean }): Promise<EventPage>
  one(id: string): Promise<TroupeEvent | undefined>
  /** Ancestors breadth first, each once, cycles cut, the event itself not among them. None for an unknown id. */
  causes(id: string, depth: number): Promise<Traversal[]>
  /** Descendants likewise. */
  effects(id: string, depth: number): Promise<Traversal[]>
  /**
   * Every event from `cursor` on (absent: from now on), without gap or repetition even with concurrent writers, until
   * `signal` aborts. Each batch carries the cursor to continue from. Throws RangeError for a cursor that is none.
   */
  follow(cursor: Cursor | undefined, signal: AbortSignal): AsyncIterable<{ events: TroupeEvent[]; cursor: Cursor }>
}
