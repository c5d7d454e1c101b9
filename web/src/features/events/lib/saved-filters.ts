import { readStored, writeStored } from '../../../lib/storage.ts'

export type SavedFilter = { name: string; search: Record<string, string> }

/** The filters kept in this browser; anything unreadable counts as none. */
export function parseFilters(text: string): SavedFilter[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value)
      ? value.filter((one): one is SavedFilter => typeof one?.name === 'string' && typeof one?.search === 'object')
      : []
  } catch {
    return []
  }
}

export const readFilters = () => parseFilters(readStored('eventFilters', '[]'))
export const saveFilters = (filters: SavedFilter[]) =>
  writeStored('eventFilters', filters.length > 0 ? JSON.stringify(filters) : '')
