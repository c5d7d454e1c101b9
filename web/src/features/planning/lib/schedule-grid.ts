import type { Session } from '../types.ts'

export type PlacedSession = Session & {
  fromMs: number
  toMs: number
  lane: number
  lanes: number
  conflict: string | undefined
}
export type GridDay = {
  day: string
  fromMs: number
  toMs: number
  rooms: { name: string; sessions: PlacedSession[]; lanes: number }[]
}

const HOUR = 3_600_000

/** Why a session clashes: another in the same room, or a single-unit resource at the same time. `capacity` = units of a resource. */
export function conflicts(
  sessions: readonly Session[],
  capacity: (resource: string) => number = () => 1,
): Map<string, string> {
  const out = new Map<string, string>()
  const over = (a: Session, b: Session) =>
    Date.parse(a.start) < Date.parse(b.end) && Date.parse(b.start) < Date.parse(a.end)
  for (const a of sessions) {
    const same = sessions.find((b) => b !== a && b.location === a.location && over(a, b))
    if (same) {
      out.set(a.id, `${a.location} is taken by ${same.title}`)
      continue
    }
    for (const resource of a.resources ?? []) {
      const users = sessions.filter((b) => (b.resources ?? []).includes(resource) && (b === a || over(a, b)))
      if (users.length > capacity(resource))
        out.set(a.id, `${resource} is needed ${users.length} times, ${capacity(resource)} exist`)
    }
  }
  return out
}

/** Sessions by day and room, each with its lane when several overlap. Days and hours in the given zone offset (minutes, as Date gives it). */
export function scheduleGrid(
  sessions: readonly Session[],
  clash: Map<string, string>,
  offset = new Date().getTimezoneOffset(),
): GridDay[] {
  const dayOf = (iso: string) => new Date(Date.parse(iso) - offset * 60_000).toISOString().slice(0, 10)
  const days = [...new Set(sessions.map((session) => dayOf(session.start)))].sort()
  return days.map((day) => {
    const own = sessions
      .filter((session) => dayOf(session.start) === day)
      .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
    const fromMs = Math.floor(Math.min(...own.map((s) => Date.parse(s.start))) / HOUR) * HOUR
    const toMs = Math.ceil(Math.max(...own.map((s) => Date.parse(s.end))) / HOUR) * HOUR
    const rooms = [...new Set(own.map((session) => session.location))].map((name) => {
      const ends: number[] = []
      const placed = own
        .filter((session) => session.location === name)
        .map((session) => {
          const [from, to] = [Date.parse(session.start), Date.parse(session.end)]
          let lane = ends.findIndex((end) => end <= from)
          if (lane < 0) lane = ends.length
          ends[lane] = to
          return { ...session, fromMs: from, toMs: to, lane, lanes: 1, conflict: clash.get(session.id) }
        })
      return { name, lanes: ends.length, sessions: placed.map((one) => ({ ...one, lanes: ends.length })) }
    })
    return { day, fromMs, toMs, rooms }
  })
}
