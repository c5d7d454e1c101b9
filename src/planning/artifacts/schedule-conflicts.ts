import type { ResourceRoster, ScheduleSession } from '../schema.ts'

export type Conflict = {
  kind: 'location' | 'resource'
  key: string
  sessions: [string, string]
  overlap_start: string
  overlap_end: string
}
type Use = { id: string; start: string; end: string; units: number }

const later = (a: string, b: string) => (Date.parse(a) > Date.parse(b) ? a : b)
const earlier = (a: string, b: string) => (Date.parse(a) < Date.parse(b) ? a : b)
const overlaps = (a: Use, b: Use) => Date.parse(a.start) < Date.parse(b.end) && Date.parse(b.start) < Date.parse(a.end)

/** Uses that together take more than `capacity` at some moment, as the earliest pair of each such moment. Touching ends do not overlap. */
export function overbooked(kind: Conflict['kind'], key: string, uses: readonly Use[], capacity: number): Conflict[] {
  const ordered = [...uses].sort((a, b) => Date.parse(a.start) - Date.parse(b.start) || (a.id < b.id ? -1 : 1))
  const found: Conflict[] = []
  ordered.forEach((use, index) => {
    const active = ordered
      .slice(0, index)
      .filter((before) => overlaps(before, use) && Date.parse(before.end) > Date.parse(use.start))
    const taken = active.reduce((sum, { units }) => sum + units, use.units)
    if (taken <= capacity) return
    if (active.length === 0)
      found.push({ kind, key, sessions: [use.id, use.id], overlap_start: use.start, overlap_end: use.end })
    const others = capacity === 1 ? active : active.slice(0, 1)
    for (const before of others)
      found.push({
        kind,
        key,
        sessions: [before.id, use.id],
        overlap_start: later(before.start, use.start),
        overlap_end: earlier(before.end, use.end),
      })
  })
  return found
}

/**
 * Overlaps of one place, and resources taken beyond their quantity by sessions and by roster assignments to tasks. Resources the
 * roster does not know have one unit.
 */
export function scheduleConflicts(
  sessions: readonly ScheduleSession[],
  roster: Pick<ResourceRoster, 'resources'> | null,
): Conflict[] {
  const group = (keysOf: (session: ScheduleSession) => readonly string[]) => {
    const groups = new Map<string, { key: string; uses: Use[] }>()
    for (const session of sessions)
      for (const key of keysOf(session)) {
        const entry = groups.get(key.toLowerCase()) ?? { key, uses: [] }
        const same = entry.uses.find(({ id }) => id === session.id)
        if (same) same.units++
        else entry.uses.push({ id: session.id, start: session.start, end: session.end, units: 1 })
        groups.set(key.toLowerCase(), entry)
      }
    return groups
  }
  const conflicts: Conflict[] = []
  for (const { key, uses } of group(({ location }) => [location]).values())
    conflicts.push(...overbooked('location', key, uses, 1))
  const resources = roster?.resources ?? []
  const idOf = (name: string) =>
    resources.find((one) => one.id === name)?.id ??
    resources.find((one) => one.name.toLowerCase() === name.toLowerCase())?.id ??
    name
  for (const { key, uses } of group((session) => session.resources.map(idOf)).values()) {
    const resource = resources.find(({ id }) => id.toLowerCase() === key.toLowerCase())
    const tasks = (resource?.assignments ?? []).flatMap(({ task_id, start, end, units }) =>
      task_id ? [{ id: task_id, start, end, units: units ?? 1 }] : [],
    )
    conflicts.push(...overbooked('resource', key, [...uses, ...tasks], resource?.quantity ?? 1))
  }
  return conflicts
}
