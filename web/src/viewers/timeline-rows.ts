import type { Tone } from '../lib/states.ts'

export type TimelineLane = { id: string; label: string; hint?: string }
export type TimelineBar = {
  id: string
  lane: string
  start: number
  /** Absent while it goes on. */
  end?: number | undefined
  title: string
  tone: Tone
  /** Hatched: waiting on a person. */
  waiting?: boolean
  attempt?: number
}
export type TimelineMark = { id: string; lane?: string; at: number; title: string; tone: Tone; glyph?: string }
export type TimelineRow = { lane: TimelineLane; row: number; bars: (TimelineBar & { row: number })[] }

/** Puts the bars of each lane into as few rows as needed so that none overlaps another. `now` ends what still goes on. */
export function timelineRows(
  lanes: readonly TimelineLane[],
  bars: readonly TimelineBar[],
  now: number,
): { rows: TimelineRow[]; count: number } {
  let next = 0
  const rows = lanes.map((lane) => {
    const own = bars.filter((bar) => bar.lane === lane.id).sort((a, b) => a.start - b.start)
    const ends: number[] = []
    const placed = own.map((bar) => {
      const free = ends.findIndex((end) => end <= bar.start)
      const at = free === -1 ? ends.length : free
      ends[at] = Math.max(bar.end ?? now, bar.start)
      return { ...bar, row: next + at }
    })
    const row = next
    next += Math.max(1, ends.length)
    return { lane, row, bars: placed }
  })
  return { rows, count: next }
}

/** The times in which work was done; of waiting only its beginning and end count, so that a long wait may be folded. */
export function busyTimes(
  bars: readonly TimelineBar[],
  marks: readonly TimelineMark[],
  now: number,
): { start: number; end: number }[] {
  const point = (at: number) => ({ start: at, end: at })
  return [
    ...bars.flatMap((bar) => {
      const end = Math.max(bar.end ?? now, bar.start)
      return bar.waiting ? [point(bar.start), point(end)] : [{ start: bar.start, end }]
    }),
    ...marks.map((mark) => point(mark.at)),
  ]
}
