import { useMemo } from 'react'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { cx } from '../../../lib/cx.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { LineChart } from '../../../viewers/line-chart.tsx'
import { useStateEvents, useTurnState } from '../api/simulations.ts'
import { holdTo, seriesName, seriesOf, variablesOf } from '../lib/series.ts'
import type { SimDetail } from '../types.ts'

const SHOWN = 8

type Props = {
  sim: SimDetail
  version: number
  window: [number, number]
  turn: number
  onTurn: (turn: number) => void
  firstTurn: number
  lastTurn: number
}

/** Chosen variables over the turns on show, on the axis of the lanes below. */
export function VariablesChart({ sim, version, window, turn, onTurn, firstTurn, lastTurn }: Props) {
  const [url, setUrl] = useUrlState()
  const changes = useStateEvents(sim.id, version)
  const initial = useTurnState(sim.id, firstTurn)
  const all = useMemo(
    () => seriesOf(changes.data?.events ?? [], initial.data?.turn === firstTurn ? initial.data.state : undefined),
    [changes.data, initial.data, firstTurn],
  )
  const variables = useMemo(() => variablesOf(all), [all])
  const chosen = url.vars ? url.vars.split(',').filter((name) => variables.includes(name)) : variables.slice(0, 1)
  const picked = chosen.join(',')
  const series = useMemo(() => {
    const names = picked.split(',')
    return holdTo(
      all.filter((one) => names.includes(one.variable)),
      lastTurn,
    )
  }, [all, picked, lastTurn])
  if (changes.error)
    return (
      <ErrorPanel
        error={changes.error}
        title="The variables could not be read"
        onRetry={() => void changes.refetch()}
      />
    )
  if (changes.data && variables.length === 0)
    return (
      <p className="panel p-4 text-sm text-ink-2">
        {sim.verbosity === 'STATE' || sim.verbosity === 'DETAIL'
          ? 'No numeric variable changed.'
          : 'This run was not recorded down to STATE, so its variables have no history.'}
      </p>
    )
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]
    setUrl({ vars: next.join(',') }, true)
  }
  const inWindow = series
    .slice(0, SHOWN)
    .map((one) => ({ id: seriesName(one), label: seriesName(one), points: clip(one.points, window) }))
  return (
    <section aria-label="Variables" className="panel p-3">
      <div className="mb-2 flex flex-wrap items-center gap-1.5">
        {variables.slice(0, 16).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={chosen.includes(name)}
            onClick={() => toggle(name)}
            className={cx(
              'h-6 rounded-full border px-2.5 text-xs',
              chosen.includes(name)
                ? 'border-accent bg-accent-soft text-accent-ink'
                : 'border-line-strong text-ink-2 hover:bg-hover',
            )}
          >
            {name}
          </button>
        ))}
        {series.length > SHOWN ? (
          <span className="ml-auto text-xs text-ink-3">
            {SHOWN} of {series.length} lines
          </span>
        ) : null}
        {changes.data && !changes.data.complete ? (
          <span className="ml-auto text-xs text-waiting-ink">first 60,000 changes only</span>
        ) : null}
      </div>
      <LineChart
        label="Variables by turn"
        series={inWindow}
        height={170}
        step
        xRange={[window[0] - 0.5, window[1] + 0.5]}
        wholeX
        cursor={turn}
        onCursor={onTurn}
        xWord={(x) => `turn ${x}`}
        gutter={92}
      />
    </section>
  )
}

/** The points of a window, begun with the value that held when it starts. */
function clip(points: { x: number; y: number }[], [from, to]: [number, number]) {
  const before = points.findLast((point) => point.x <= from)
  const inside = points.filter((point) => point.x > from && point.x <= to)
  const shown = before ? [{ x: from, y: before.y }, ...inside] : inside
  const last = shown.at(-1)
  return last ? [...shown, { x: to + 0.5, y: last.y }] : shown
}
