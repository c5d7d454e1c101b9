import { useMemo } from 'react'
import { plural } from '../lib/format.ts'
import { niceTicks, scaleLinear } from './scale.ts'
import {
  cellSlots,
  glyphsPerCell,
  type LaneBlock,
  type LaneCell,
  type LaneEvent,
  laneCells,
} from './turn-lanes-layout.ts'
import { useSize } from './use-size.ts'

type TurnLanesProps = {
  label: string
  lanes: { id: string; label: string }[]
  events: LaneEvent[]
  range: [number, number]
  /** Kinds from the rarest to the commonest. */
  order: readonly string[]
  colorOf: (kind: string) => string
  turn: number | undefined
  onTurn: (turn: number) => void
  selected?: string | undefined
  onSelect: (id: string) => void
  /** Drawn in place of the events where those are too many. */
  blocks?: readonly LaneBlock[] | undefined
  gutter?: number
}

const ROW = 32
const STACK = 2
const HEAD = 20
const GLYPH = 11

/** A lane per actor over numbered turns; a glyph per event by kind, a shaded block where there are too many to draw. */
export function TurnLanes({
  label,
  lanes,
  events,
  range,
  order,
  colorOf,
  turn,
  onTurn,
  selected,
  onSelect,
  blocks,
  gutter = 92,
}: TurnLanesProps) {
  const [ref, size] = useSize<HTMLDivElement>()
  const width = Math.max(0, size.width - gutter - 12)
  const count = Math.max(1, range[1] - range[0] + 1)
  const column = width / count
  const { across, fit } = glyphsPerCell(column, GLYPH, STACK)
  const cells = useMemo(() => laneCells(events, order, fit), [events, order, fit])
  const rowOf = useMemo(() => new Map(lanes.map((lane, i) => [lane.id, i])), [lanes])
  const x = scaleLinear([range[0] - 0.5, range[1] + 0.5], [gutter, gutter + width])
  const height = HEAD + lanes.length * ROW + 4
  const dense: readonly LaneBlock[] = blocks ?? (fit === 0 ? cells.map((cell) => ({ ...cell, span: 1 })) : [])
  const most = dense.reduce((max, { total }) => Math.max(max, total), 1)
  return (
    <div ref={ref} className="w-full select-none">
      {size.width === 0 ? (
        <div style={{ height }} />
      ) : (
        <svg width={size.width} height={height} role="group" aria-label={label} className="block">
          {niceTicks(range[0], range[1], Math.max(2, Math.floor(width / 70)))
            .filter(Number.isInteger)
            .map((tick) => (
              <g key={tick}>
                <line x1={x(tick)} x2={x(tick)} y1={HEAD - 4} y2={height} stroke="var(--line)" />
                <text x={x(tick)} y={11} fontSize="10.5" fill="var(--ink-3)" textAnchor="middle" className="tabular">
                  {tick}
                </text>
              </g>
            ))}
          {turn !== undefined && turn >= range[0] && turn <= range[1] ? (
            <rect
              x={x(turn - 0.5)}
              y={HEAD - 4}
              width={Math.max(2, column)}
              height={height - HEAD + 4}
              fill="var(--accent)"
              opacity="0.14"
            />
          ) : null}
          {lanes.map((lane, i) => (
            <g key={lane.id}>
              <line x1={0} x2={size.width} y1={HEAD + (i + 1) * ROW} y2={HEAD + (i + 1) * ROW} stroke="var(--line)" />
              <text x={4} y={HEAD + i * ROW + 19} fontSize="12" fontWeight="500" fill="var(--ink-2)">
                {lane.label.length > 12 ? `${lane.label.slice(0, 11)}…` : lane.label}
                <title>{lane.label}</title>
              </text>
            </g>
          ))}
          {dense.map((block) => {
            const row = rowOf.get(block.lane)
            if (row === undefined || block.turn + block.span <= range[0] || block.turn > range[1]) return null
            const y = HEAD + row * ROW + ROW / 2
            const left = x(block.turn - 0.5)
            const right = x(Math.min(range[1], block.turn + block.span - 1) + 0.5)
            return (
              <Block
                key={`${block.lane}${block.turn}`}
                block={block}
                most={most}
                place={{ left, y, width: right - left }}
                onTurn={onTurn}
              />
            )
          })}
          {(dense.length > 0 ? [] : cells).map((cell) => {
            const row = rowOf.get(cell.lane)
            if (row === undefined || cell.turn < range[0] || cell.turn > range[1]) return null
            const place = { middle: x(cell.turn), y: HEAD + row * ROW + ROW / 2, column }
            return (
              <Glyphs
                key={`${cell.lane}${cell.turn}`}
                cell={cell}
                across={across}
                fit={fit}
                place={place}
                colorOf={colorOf}
                selected={selected}
                onSelect={onSelect}
              />
            )
          })}
        </svg>
      )}
    </div>
  )
}

type Place = { middle: number; y: number; column: number }

type BlockProps = {
  block: LaneBlock
  most: number
  place: { left: number; y: number; width: number }
  onTurn: (turn: number) => void
}

function Block({ block, most, place, onTurn }: BlockProps) {
  const { lane, turn, span, total } = block
  const when = span === 1 ? `Turn ${turn}` : `Turns ${turn} to ${turn + span - 1}`
  const title = `${when}, ${lane.trim()}: ${plural(total, 'event')}`
  return (
    <rect
      role="button"
      tabIndex={-1}
      aria-label={title}
      onClick={() => onTurn(turn)}
      onKeyDown={(event) => event.key === 'Enter' && onTurn(turn)}
      x={place.left}
      y={place.y - 9}
      width={Math.max(1, place.width - 0.5)}
      height={18}
      fill="var(--series-6)"
      opacity={0.15 + 0.75 * Math.sqrt(total / most)}
      className="cursor-pointer"
    >
      <title>{title}</title>
    </rect>
  )
}

type GlyphsProps = {
  cell: LaneCell
  across: number
  fit: number
  place: Place
  colorOf: (kind: string) => string
  selected: string | undefined
  onSelect: (id: string) => void
}

function Glyphs({ cell, across, fit, place, colorOf, selected, onSelect }: GlyphsProps) {
  const { glyphs, rest } = cellSlots(cell.total, fit)
  const slots = glyphs + (rest > 0 ? 1 : 0)
  const rows = Math.ceil(slots / across)
  const at = (i: number): [number, number] => {
    const row = Math.floor(i / across)
    const inRow = Math.min(across, slots - row * across)
    return [place.middle + ((i % across) - (inRow - 1) / 2) * GLYPH, place.y + (row - (rows - 1) / 2) * 13]
  }
  return (
    <g>
      {cell.shown.slice(0, glyphs).map((event, i) => (
        <g
          key={event.id}
          role="button"
          tabIndex={0}
          aria-label={`Turn ${event.turn}: ${event.title}`}
          aria-pressed={event.id === selected}
          transform={`translate(${at(i).join(' ')})`}
          onClick={() => onSelect(event.id)}
          onKeyDown={(key) => key.key === 'Enter' && onSelect(event.id)}
          className="cursor-pointer"
        >
          <title>{event.title}</title>
          <rect x={-GLYPH / 2} y={-7} width={GLYPH} height={14} fill="transparent" />
          {event.id === selected ? <circle r="7" fill="none" stroke="var(--accent)" strokeWidth="2" /> : null}
          <path d={GLYPHS[event.kind] ?? GLYPHS.DETAIL} fill={colorOf(event.kind)} />
        </g>
      ))}
      {rest > 0 ? (
        <text x={at(glyphs)[0]} y={at(glyphs)[1] + 3.5} fontSize="9" textAnchor="middle" fill="var(--ink-3)">
          +{rest}
        </text>
      ) : null}
    </g>
  )
}

/** One shape per kind, centred, about 9 pixels. */
export const GLYPHS: Record<string, string> = {
  MILESTONE: 'M0 -5L5 0L0 5L-5 0Z',
  DECISION: 'M0 -4.5A4.5 4.5 0 1 1 0 4.5A4.5 4.5 0 1 1 0 -4.5Z',
  ACTION: 'M0 -5L5 4.5L-5 4.5Z',
  STATE: 'M-4 -4H4V4H-4Z',
  DETAIL: 'M0 -2A2 2 0 1 1 0 2A2 2 0 1 1 0 -2Z',
  SYSTEM: 'M-4.5 -3L-3 -4.5L0 -1.5L3 -4.5L4.5 -3L1.5 0L4.5 3L3 4.5L0 1.5L-3 4.5L-4.5 3L-1.5 0Z',
}
