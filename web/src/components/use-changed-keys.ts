import { useEffect, useRef, useState } from 'react'
import { changedKeys } from './changed-keys.ts'

const NONE: ReadonlySet<string> = new Set()
const GLOW_MS = 1300

/** The rows that changed since they were last seen, for as long as they glow. New rows count; a first reading does not. */
export function useChangedKeys<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  version: ((row: Row) => string) | undefined,
): ReadonlySet<string> {
  const seen = useRef<Map<string, string> | undefined>(undefined)
  const [changed, setChanged] = useState(NONE)
  const latest = useRef({ keyOf, version })
  latest.current = { keyOf, version }
  useEffect(() => {
    const { keyOf, version } = latest.current
    if (!version) return
    const now = new Map(rows.map((row) => [keyOf(row), version(row)]))
    const keys = seen.current ? changedKeys(seen.current, now) : NONE
    if (rows.length > 0) seen.current = now
    setChanged(keys)
    if (keys.size === 0) return
    const timer = setTimeout(() => setChanged(NONE), GLOW_MS)
    return () => clearTimeout(timer)
  }, [rows])
  return changed
}
