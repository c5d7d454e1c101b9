import { Flag } from 'lucide-react'
import { useMemo } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Chip } from '../../components/chip.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Select } from '../../components/select.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { cx } from '../../lib/cx.ts'
import { formatNumber } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { LineChart } from '../../viewers/line-chart.tsx'
import { useSimulation, useSimulations, useStateEvents, useTurnState } from './api/simulations.ts'
import { firstDivergence, holdTo, seriesName, seriesOf, type VariableSeries, variablesOf } from './lib/series.ts'

const SHOWN = 4

/** Two runs on one axis, with the first turn at which they differ. */
export default function ComparePage() {
  const [url, setUrl] = useUrlState()
  const list = useSimulations()
  const options = [
    { value: '', label: 'Choose a run' },
    ...(list.data ?? []).map((run) => ({ value: run.id, label: run.id })),
  ]
  const [a, b] = [useRun(url.a ?? ''), useRun(url.b ?? '')]
  const ready = a.series && b.series
  const variables = useMemo(
    () => (a.series && b.series ? variablesOf([...a.series, ...b.series]) : []),
    [a.series, b.series],
  )
  const chosen = url.var && variables.includes(url.var) ? url.var : variables[0]
  const split = useMemo(
    () => (a.series && b.series ? firstDivergence(a.series, b.series) : undefined),
    [a.series, b.series],
  )
  const last = Math.max(a.lastTurn, b.lastTurn)
  const lines = useMemo(
    () =>
      chosen && a.series && b.series
        ? pair({ series: a.series, last: a.lastTurn }, { series: b.series, last: b.lastTurn }, chosen)
        : [],
    [a.series, b.series, a.lastTurn, b.lastTurn, chosen],
  )
  return (
    <div role="region" aria-label="Compare" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2">
      <Crumbs trail={[{ label: 'Simulation', to: '/simulation' }, { label: 'Compare' }]} />
      <div className="mx-auto flex max-w-6xl flex-col gap-5 p-4 md:p-6">
        <div className="grid gap-3 md:grid-cols-2">
          {(['a', 'b'] as const).map((side) => {
            const run = side === 'a' ? a : b
            return (
              <section
                key={side}
                aria-label={side === 'a' ? 'First run' : 'Second run'}
                className="panel flex flex-col gap-2 p-4"
              >
                <p className="flex items-center gap-2 text-xs text-ink-2">
                  <svg width="26" height="4" aria-hidden="true">
                    <line
                      x1="0"
                      x2="26"
                      y1="2"
                      y2="2"
                      stroke="currentColor"
                      strokeWidth="2"
                      strokeDasharray={side === 'b' ? '5 4' : undefined}
                    />
                  </svg>
                  {side === 'a' ? 'Solid' : 'Dashed'}
                </p>
                <Select
                  label={side === 'a' ? 'First run' : 'Second run'}
                  value={url[side] ?? ''}
                  onChange={(id) => setUrl({ [side]: id })}
                  options={options}
                  className="max-w-none!"
                />
                {run.detail ? (
                  <p className="tabular flex flex-wrap items-center gap-3 text-xs text-ink-2">
                    <Chip status={run.detail.status} /> {formatNumber(run.lastTurn)} turns ·{' '}
                    {formatNumber(run.detail.event_count)} events
                  </p>
                ) : null}
                {run.error ? <ErrorPanel error={run.error} /> : null}
              </section>
            )
          })}
        </div>
        {url.a && url.b && !ready && !a.error && !b.error ? <Skeleton rows={4} height={40} /> : null}
        {ready ? (
          <>
            <p
              className={cx(
                'flex items-center gap-2.5 rounded-md border px-3 py-2 text-sm',
                split
                  ? 'border-waiting/50 bg-waiting-soft text-waiting-ink'
                  : 'border-done/50 bg-done-soft text-done-ink',
              )}
              role="status"
            >
              <Flag size={16} aria-hidden="true" />
              {split ? (
                <span>
                  They first differ at <strong>turn {split.turn}</strong>, in{' '}
                  <code className="text-xs">{split.name}</code>.
                </span>
              ) : (
                'They do not differ in any numeric variable both have.'
              )}
            </p>
            <section className="panel p-4">
              <div className="mb-3 flex flex-wrap gap-1.5">
                {variables.slice(0, 20).map((name) => (
                  <button
                    key={name}
                    type="button"
                    aria-pressed={name === chosen}
                    onClick={() => setUrl({ var: name }, true)}
                    className={cx(
                      'h-6 rounded-full border px-2.5 text-xs',
                      name === chosen
                        ? 'border-accent bg-accent-soft text-accent-ink'
                        : 'border-line-strong text-ink-2 hover:bg-hover',
                    )}
                  >
                    {name}
                  </button>
                ))}
              </div>
              <LineChart
                label={`${chosen ?? 'Variable'} in both runs`}
                series={lines}
                height={320}
                step
                xRange={[0, Math.max(1, last)]}
                wholeX
                xWord={(x) => `turn ${x}`}
                flags={split ? [{ x: split.turn, label: `First difference: ${split.name}` }] : []}
              />
            </section>
          </>
        ) : null}
        {!url.a || !url.b ? (
          <p className="text-sm text-ink-2">
            Choose two runs: their variables are drawn on one axis, and the first turn at which they differ is flagged.
          </p>
        ) : null}
      </div>
    </div>
  )
}

function useRun(id: string) {
  const sim = useSimulation(id)
  const changes = useStateEvents(id, 0)
  const start = useTurnState(id, id ? 0 : undefined)
  const settled = changes.data && (start.data || start.error)
  const series = useMemo(
    () => (settled && changes.data ? seriesOf(changes.data.events, start.data?.state) : undefined),
    [settled, changes.data, start.data],
  )
  return {
    detail: sim.data,
    error: id ? (sim.error ?? changes.error) : null,
    series,
    lastTurn: sim.data?.last_turn ?? 0,
  }
}

type Side = { series: VariableSeries[]; last: number }

/** The lines of one variable in both runs: the same colour for the same agent, the second run dashed, each to its own end. */
function pair(a: Side, b: Side, variable: string) {
  const names = [
    ...new Set([...a.series, ...b.series].filter((one) => one.variable === variable).map(seriesName)),
  ].slice(0, SHOWN)
  const lines = ({ series, last }: Side, dashed: boolean) =>
    holdTo(
      series.filter((one) => names.includes(seriesName(one))),
      last,
    ).map((one) => {
      const name = seriesName(one)
      return {
        id: `${dashed ? 'b' : 'a'}${name}`,
        label: `${name} ${dashed ? '(second)' : '(first)'}`,
        points: one.points,
        color: `var(--series-${(names.indexOf(name) % 8) + 1})`,
        dashed,
      }
    })
  return [...lines(a, false), ...lines(b, true)]
}
