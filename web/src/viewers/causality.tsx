import { Minus, Plus } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { Button } from '../components/button.tsx'
import { cx } from '../lib/cx.ts'
import { plural } from '../lib/format.ts'
import { type CausalEdge, type CausalNode, CELL, causalityLayout } from './causality-layout.ts'

type CausalityProps = {
  label: string
  center: string
  nodes: CausalNode[]
  edges: CausalEdge[]
  depth: number
  onDepth: (depth: number) => void
  onCenter: (id: string) => void
  /** Cited causes that do not exist. */
  missing?: number
  truncated?: boolean
  /** What a dashed link means here. */
  dashed?: string
  maxDepth?: number
  colorOf?: (kind: string) => string
}

/** Why something happened (left) and what it led to (right). Pressing an event puts it in the middle. */
export function Causality({
  label,
  center,
  nodes,
  edges,
  depth,
  onDepth,
  onCenter,
  missing = 0,
  truncated = false,
  dashed = 'connected through events of a hidden level',
  maxDepth = 20,
  colorOf,
}: CausalityProps) {
  const layout = useMemo(() => causalityLayout(center, nodes, edges, depth), [center, nodes, edges, depth])
  const scroller = useRef<HTMLDivElement>(null)
  const middle = layout.nodes.find((node) => node.id === center)
  useEffect(() => {
    const box = scroller.current
    if (!box || !middle) return
    box.scrollLeft = middle.x + CELL.width / 2 - box.clientWidth / 2
    box.scrollTop = middle.y + CELL.height / 2 - box.clientHeight / 2
  }, [middle])
  const at = new Map(layout.nodes.map((node) => [node.id, node]))
  return (
    <section aria-label={label} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2 text-xs text-ink-2">
        <span className="tabular">
          {plural(layout.nodes.filter((node) => node.column < 0).length, 'cause')} ·{' '}
          {plural(layout.nodes.filter((node) => node.column > 0).length, 'effect')}
        </span>
        <span className="ml-auto">Depth</span>
        <Button
          size="sm"
          icon={Minus}
          aria-label="Less deep"
          disabled={depth <= 1}
          onClick={() => onDepth(depth - 1)}
        />
        <output className="tabular w-5 text-center font-semibold text-ink">{depth}</output>
        <Button
          size="sm"
          icon={Plus}
          aria-label="Deeper"
          disabled={depth >= maxDepth}
          onClick={() => onDepth(depth + 1)}
        />
      </div>
      <div
        ref={scroller}
        role="region"
        tabIndex={0}
        aria-label={`${label}: drawing`}
        className="max-h-[420px] overflow-auto rounded-md border border-line bg-canvas p-3"
      >
        <div className="relative mx-auto" style={{ width: layout.width, height: layout.height }}>
          <svg width={layout.width} height={layout.height} className="absolute inset-0" aria-hidden="true">
            {layout.edges.map((edge) => {
              const [a, b] = [at.get(edge.from), at.get(edge.to)]
              if (!a || !b) return null
              const forward = b.x > a.x
              const [x0, y0, x1, y1] = [
                forward ? a.x + CELL.width : a.x,
                a.y + CELL.height / 2,
                b.x,
                b.y + CELL.height / 2,
              ]
              // Within a column, or back to an earlier one, a link stays at the left edge so that it does not cross the text.
              const bend = forward ? Math.max(20, Math.abs(x1 - x0) / 2) : 22
              return (
                <path
                  key={`${edge.from}>${edge.to}`}
                  d={`M${x0} ${y0}C${forward ? x0 + bend : x0 - bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`}
                  fill="none"
                  stroke="var(--line-strong)"
                  strokeWidth="1.6"
                  strokeDasharray={edge.hidden ? '4 4' : undefined}
                />
              )
            })}
          </svg>
          {layout.nodes.map((node) => (
            <button
              key={node.id}
              type="button"
              aria-current={node.id === center || undefined}
              onClick={() => onCenter(node.id)}
              title={`${node.title}${node.sub ? `\n${node.sub}` : ''}`}
              style={{
                left: node.x,
                top: node.y,
                width: CELL.width,
                height: CELL.height,
                borderLeftColor: colorOf?.(node.kind) ?? 'var(--series-8)',
              }}
              className={cx(
                'absolute flex flex-col justify-center rounded-md border border-l-4 bg-surface px-2.5 text-left hover:bg-hover',
                node.id === center ? 'border-accent ring-2 ring-accent' : 'border-line-strong',
              )}
            >
              <span className="w-full truncate text-xs font-medium">{node.title}</span>
              <span className="w-full truncate text-2xs text-ink-3">{node.sub ?? node.kind}</span>
            </button>
          ))}
        </div>
      </div>
      <p className="text-xs text-ink-3">
        {[
          layout.edges.some((edge) => edge.hidden) ? `Dashed: ${dashed}.` : '',
          layout.more.up + layout.more.down > 0
            ? `${layout.more.up} causes and ${layout.more.down} effects lie further away.`
            : '',
          missing > 0 ? `${missing} cited causes are not in this stream.` : '',
          truncated ? 'The chain goes on beyond what was fetched.' : '',
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
    </section>
  )
}
