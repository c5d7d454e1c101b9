export type Span = { start: number; end: number }
export type TimePiece = { from: number; to: number; x0: number; x1: number; folded: boolean }
export type FoldedAxis = { pieces: TimePiece[]; width: number }

export type FoldOptions = {
  width: number
  /** Idle gaps longer than this share of the whole are folded (default 0.12), and never below `leastMs`. */
  share?: number
  leastMs?: number
  /** Pixels a folded gap takes. */
  foldWidth?: number
}

/** Times in which something happens, joined where they touch or overlap. */
export function busySpans(spans: readonly Span[]): Span[] {
  const sorted = spans.map((span) => ({ ...span })).sort((a, b) => a.start - b.start)
  const out: Span[] = []
  for (const span of sorted) {
    const last = out.at(-1)
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else out.push(span)
  }
  return out
}

/** A time axis on which long idle gaps are folded to a fixed width; everything else keeps one scale. */
export function foldTime(spans: readonly Span[], options: FoldOptions): FoldedAxis {
  const { width, share = 0.12, leastMs = 2000, foldWidth = 36 } = options
  const busy = busySpans(spans)
  const first = busy[0]
  const last = busy.at(-1)
  if (!first || !last) return { pieces: [], width }
  const total = last.end - first.start
  const tooLong = Math.max(leastMs, total * share)
  const raw: { from: number; to: number; folded: boolean }[] = []
  for (const span of busy) {
    const before = raw.at(-1)
    if (before && span.start - before.to > tooLong)
      raw.push({ from: before.to, to: span.start, folded: true }, { from: span.start, to: span.end, folded: false })
    else if (before) before.to = span.end
    else raw.push({ from: span.start, to: span.end, folded: false })
  }
  const folds = raw.filter((piece) => piece.folded).length
  const open = raw.filter((piece) => !piece.folded)
  const openMs = open.reduce((sum, piece) => sum + piece.to - piece.from, 0)
  const openWidth = Math.max(0, width - folds * foldWidth)
  let x = 0
  const pieces = raw.map((piece): TimePiece => {
    const size = piece.folded
      ? foldWidth
      : openMs === 0
        ? openWidth / open.length
        : ((piece.to - piece.from) / openMs) * openWidth
    const x0 = x
    x += size
    return { ...piece, x0, x1: x }
  })
  return { pieces, width }
}

/** Where a time lies on a folded axis, in pixels; times outside are put at the nearest end. */
export function timeToX(axis: FoldedAxis, at: number): number {
  const { pieces } = axis
  const first = pieces[0]
  const last = pieces.at(-1)
  if (!first || !last || at <= first.from) return 0
  if (at >= last.to) return last.x1
  const piece = pieces.find((one) => at <= one.to) ?? last
  const span = piece.to - piece.from
  return span === 0 ? piece.x0 : piece.x0 + ((at - piece.from) / span) * (piece.x1 - piece.x0)
}

/** The time at a pixel of a folded axis. */
export function xToTime(axis: FoldedAxis, x: number): number {
  const { pieces } = axis
  const first = pieces[0]
  const last = pieces.at(-1)
  if (!first || !last) return 0
  if (x <= 0) return first.from
  if (x >= last.x1) return last.to
  const piece = pieces.find((one) => x <= one.x1) ?? last
  const width = piece.x1 - piece.x0
  return width === 0 ? piece.from : piece.from + ((x - piece.x0) / width) * (piece.to - piece.from)
}
