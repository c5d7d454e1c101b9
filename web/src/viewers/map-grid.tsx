import { useMemo } from 'react'
import { type MapLink, type MapPlace, type MapShape, type MapToken, mapLayout, spreadTokens } from './map-layout.ts'

type MapGridProps = {
  label: string
  places: MapPlace[]
  links?: MapLink[]
  tokens?: MapToken[]
  /** Who dealt with whom, drawn between tokens. */
  arcs?: { from: string; to: string; label: string }[]
  shape?: MapShape
  selected?: string | undefined
  onSelect?: (id: string) => void
  colorOf?: (token: MapToken) => string
}

const SERIES = 8
const NO_LINKS: MapLink[] = []
const W = 400

/** A world's places with who is where: squares, hexes or a network. Values shade the places. */
export function MapGrid({
  label,
  places,
  links = NO_LINKS,
  tokens = [],
  arcs = [],
  shape = 'square',
  selected,
  onSelect,
  colorOf,
}: MapGridProps) {
  const layout = useMemo(() => mapLayout(places, shape, links), [places, shape, links])
  const spread = useMemo(() => spreadTokens(tokens), [tokens])
  const height = W / Math.max(0.4, Math.min(2.5, layout.aspect))
  const at = useMemo(() => new Map(layout.places.map((place) => [place.id, place])), [layout])
  const cell = Math.min(layout.cell * W, 72)
  const max = Math.max(1e-9, ...places.map((place) => Math.abs(place.value ?? 0)))
  const order = useMemo(
    () => new Map([...new Set(tokens.map((token) => token.id))].sort().map((id, i) => [id, i])),
    [tokens],
  )
  const spot = (id: string) => {
    const token = spread.find((one) => one.id === id)
    const place = token && at.get(token.place)
    return token && place ? { x: place.px * W + token.dx * cell, y: place.py * height + token.dy * cell } : undefined
  }
  return (
    <svg viewBox={`0 0 ${W} ${height}`} role="group" aria-label={label} className="max-h-full w-full">
      {links.map((link) => {
        const [a, b] = [at.get(link.from), at.get(link.to)]
        return a && b ? (
          <line
            key={`${link.from}-${link.to}`}
            x1={a.px * W}
            y1={a.py * height}
            x2={b.px * W}
            y2={b.py * height}
            stroke="var(--line-strong)"
            strokeWidth="1.5"
          />
        ) : null
      })}
      {layout.places.map((place) => (
        <g key={place.id} transform={`translate(${place.px * W} ${place.py * height})`}>
          <title>{`${place.label ?? place.id}${place.value === undefined ? '' : `: ${place.value}`}`}</title>
          <Cell shape={shape} size={cell} strength={place.value === undefined ? 0 : Math.abs(place.value) / max} />
          {shape === 'circle' || cell > 46 ? (
            <text
              y={shape === 'circle' ? cell / 2 + 13 : cell / 2 - 5}
              fontSize="10"
              textAnchor="middle"
              fill="var(--ink-3)"
            >
              {place.label ?? place.id}
            </text>
          ) : null}
        </g>
      ))}
      {arcs.map((arc) => {
        const [a, b] = [spot(arc.from), spot(arc.to)]
        if (!a || !b) return null
        const [mx, my] = [(a.x + b.x) / 2 - (b.y - a.y) * 0.18, (a.y + b.y) / 2 + (b.x - a.x) * 0.18]
        return (
          <path
            key={`${arc.from}>${arc.to}${arc.label}`}
            d={`M${a.x} ${a.y}Q${mx} ${my} ${b.x} ${b.y}`}
            fill="none"
            stroke="var(--series-2)"
            strokeWidth="1.8"
            opacity="0.75"
          >
            <title>{arc.label}</title>
          </path>
        )
      })}
      {spread.map((token) => {
        const place = at.get(token.place)
        if (!place) return null
        const r = Math.max(5, Math.min(11, cell / 3.2))
        const color = colorOf?.(token) ?? `var(--series-${((order.get(token.id) ?? 0) % SERIES) + 1})`
        return (
          <g
            key={token.id}
            role="button"
            tabIndex={onSelect ? 0 : -1}
            aria-label={`${token.label} at ${place.label ?? place.id}`}
            aria-pressed={token.id === selected}
            onClick={() => onSelect?.(token.id)}
            onKeyDown={(event) => event.key === 'Enter' && onSelect?.(token.id)}
            className={onSelect ? 'cursor-pointer' : undefined}
            style={{
              transform: `translate(${place.px * W + token.dx * cell}px, ${place.py * height + token.dy * cell}px)`,
              transition: 'transform 150ms ease-out',
            }}
          >
            <title>{token.label}</title>
            <circle
              r={r}
              fill={color}
              stroke={token.id === selected ? 'var(--accent)' : 'var(--surface)'}
              strokeWidth={token.id === selected ? 3 : 1.5}
            />
            {r > 8 ? (
              <text y="3.5" fontSize="10" fontWeight="600" textAnchor="middle" fill="var(--surface)">
                {token.label.charAt(0).toUpperCase()}
              </text>
            ) : null}
          </g>
        )
      })}
    </svg>
  )
}

function Cell({ shape, size, strength }: { shape: MapShape; size: number; strength: number }) {
  const fill =
    strength > 0
      ? `color-mix(in oklab, var(--accent) ${Math.round(8 + strength * 42)}%, var(--surface))`
      : 'var(--surface)'
  const look = { fill, stroke: 'var(--line-strong)' }
  if (shape === 'circle') return <circle r={Math.max(8, size / 2.6)} {...look} />
  if (shape === 'square') return <rect x={-size / 2} y={-size / 2} width={size} height={size} {...look} />
  const points = Array.from(
    { length: 6 },
    (_, i) => `${(size / 1.74) * Math.sin((i * Math.PI) / 3)},${(size / 1.74) * Math.cos((i * Math.PI) / 3)}`,
  )
  return <polygon points={points.join(' ')} {...look} />
}
