export type LaneEvent = { id: string; lane: string; turn: number; kind: string; title: string }
/** So many events of a lane in `span` turns from `turn` on. */
export type LaneBlock = { lane: string; turn: number; span: number; total: number }
export type LaneCell = {
  lane: string
  turn: number
  total: number
  kinds: Record<string, number>
  first: LaneEvent
  shown: LaneEvent[]
}

/** Events gathered into cells of lane × turn. A cell keeps at most `most` events to draw, the rarer kinds (earlier in `order`) first; the rest is counted. */
export function laneCells(events: readonly LaneEvent[], order: readonly string[], most: number): LaneCell[] {
  const cells = new Map<string, LaneEvent[]>()
  for (const event of events) {
    const key = `${event.turn}\n${event.lane}`
    const own = cells.get(key)
    if (own) own.push(event)
    else cells.set(key, [event])
  }
  const rank = (kind: string) => {
    const at = order.indexOf(kind)
    return at < 0 ? order.length : at
  }
  return [...cells.values()].map((own) => {
    const kinds: Record<string, number> = {}
    for (const event of own) kinds[event.kind] = (kinds[event.kind] ?? 0) + 1
    const ranked = own
      .map((event, i) => ({ event, i }))
      .sort((a, b) => rank(a.event.kind) - rank(b.event.kind) || a.i - b.i)
    const shown = ranked
      .slice(0, Math.max(1, most))
      .sort((a, b) => a.i - b.i)
      .map((one) => one.event)
    const first = own[0]!
    return { lane: first.lane, turn: first.turn, total: own.length, kinds, first, shown }
  })
}

/** How many glyphs fit into a turn's column, side by side and in `rows`; none when not even one is wide enough. */
export function glyphsPerCell(columnWidth: number, glyph: number, rows: number): { across: number; fit: number } {
  const across = Math.max(0, Math.floor(columnWidth / glyph))
  return { across, fit: across * rows }
}

/** What a cell draws: all its events where they fit, else one less than fits and the number left out in the last place. */
export function cellSlots(total: number, fit: number): { glyphs: number; rest: number } {
  return total <= fit
    ? { glyphs: total, rest: 0 }
    : { glyphs: Math.max(0, fit - 1), rest: total - Math.max(0, fit - 1) }
}
