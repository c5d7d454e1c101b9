import type { Tx } from '../../kernel/db/database.ts'
import type { Board } from '../artifacts/board.ts'
import type { ArtifactDefinition } from '../artifacts/definition.ts'
import { onBoard } from '../store/load-board.ts'
import { nextId } from '../store/sequence.ts'
import { slug } from '../store/slug.ts'

/** Id of the parent an artifact hangs on; undefined while it does not exist. */
export function parentIdOf(
  definition: ArtifactDefinition,
  board: Board,
  input: Record<string, any>,
): string | undefined {
  if (definition.parent === 'EventBrief' || definition.parent === null) return board.brief.id
  if (definition.parentKey === 'shortlist_id') {
    const wanted = input['shortlist_id']
    return board.artifacts.VenueShortlist.some(({ id }) => id === wanted) ? wanted : undefined
  }
  return onBoard(board, definition.parent)[0]?.id
}

/** The id of 0.2: from the parent, a counter or the vendor's name. Counters advance. */
export async function artifactId(
  tx: Tx,
  definition: ArtifactDefinition,
  parentId: string,
  board: Board,
  input: Record<string, any>,
): Promise<string> {
  const base = `${definition.idPrefix}-${parentId}`
  if (definition.type === 'VendorContracts') {
    const own = `${base}-${slug(String(input['vendor_name']), 'vendor')}`
    const taken = new Set(board.artifacts.VendorContracts.map(({ id }) => id))
    let id = own
    for (let n = 2; taken.has(id); n++) id = `${own}-${n}`
    return id
  }
  if (definition.cardinality === 'many' && definition.parentKey !== 'shortlist_id')
    return nextId(tx, definition.idPrefix, parentId)
  return base
}
