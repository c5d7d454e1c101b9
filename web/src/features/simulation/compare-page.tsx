import { Crumbs } from '../../app/crumbs.tsx'
import { Chip } from '../../components/chip.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Select } from '../../components/select.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { formatNumber } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { LineChart } from '../../viewers/line-chart.tsx'
import { useComparison, useSeries } from './api/analysis.ts'
import { useSimulations } from './api/simulations.ts'
import { DivergencePanel } from './components/divergence-panel.tsx'
import { PartedTable, SettingsTable } from './components/parted-tables.tsx'
import { VariableChips } from './components/variable-chips.tsx'
import { pairLines } from './lib/pair-lines.ts'
import type { Comparison } from './types.ts'

const SHOWN = 4

/** Two runs on one axis: the first turn at which they differ, which variables part where, and what was set differently. */
export default function ComparePage() {
  const [url, setUrl] = useUrlState()
  const list = useSimulations()
  const [idA, idB] = [url.a ?? '', url.b ?? '']
  const found = useComparison(idA, idB)
  const options = [
    { value: '', label: 'Choose a run' },
    // The runs on show can be named before the list is there.
    ...[...new Set([...(list.data ?? []).map(({ id }) => id), idA, idB])].filter(Boolean).map((id) => ({
      value: id,
      label: id,
    })),
  ]
  return (
    <div role="region" aria-label="Compare" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2">
      <Crumbs trail={[{ label: 'Simulation', to: '/simulation' }, { label: 'Compare' }]} />
      <div className="mx-auto flex max-w-6xl flex-col gap-5 p-4 md:p-6">
        <div className="grid gap-3 md:grid-cols-2">
          {(['a', 'b'] as const).map((side) => (
            <section
              key={side}
              aria-label={side === 'a' ? 'First run' : 'Second run'}
              className="panel flex flex-col gap-2 p-4"
            >
              <LineKey dashed={side === 'b'} />
              <Select
                label={side === 'a' ? 'First run' : 'Second run'}
                value={url[side] ?? ''}
                onChange={(id) => setUrl({ [side]: id })}
                options={options}
                className="max-w-none!"
              />
              {found.data ? <Side run={found.data[side]} /> : null}
            </section>
          ))}
        </div>
        {found.error ? <ErrorPanel error={found.error} title="The runs could not be compared" /> : null}
        {found.isLoading ? <Skeleton rows={4} height={40} /> : null}
        {found.data ? <Compared comparison={found.data} /> : null}
        {!idA || !idB ? (
          <p className="text-sm text-ink-2">
            Choose two runs: their variables are drawn on one axis, and the first turn at which they differ is flagged.
          </p>
        ) : null}
      </div>
    </div>
  )
}

function LineKey({ dashed }: { dashed: boolean }) {
  return (
    <p className="flex items-center gap-2 text-xs text-ink-2">
      <svg width="26" height="4" aria-hidden="true">
        <line
          x1="0"
          x2="26"
          y1="2"
          y2="2"
          stroke="currentColor"
          strokeWidth="2"
          strokeDasharray={dashed ? '5 4' : undefined}
        />
      </svg>
      {dashed ? 'Dashed' : 'Solid'}
    </p>
  )
}

const Side = ({ run }: { run: Comparison['a'] }) => (
  <p className="tabular flex flex-wrap items-center gap-3 text-xs text-ink-2">
    <Chip status={run.status} /> turns {formatNumber(run.first_turn)} to {formatNumber(run.last_turn)}
    {run.seed === null ? null : <span>seed {run.seed}</span>}
    {run.verbosity ? <span>recorded to {run.verbosity.toLowerCase()}</span> : null}
  </p>
)

function Compared({ comparison }: { comparison: Comparison }) {
  const [url, setUrl] = useUrlState()
  const { a, b, divergence, variables, settings } = comparison
  const chosen = url.var ?? variables.find(({ max_difference: n }) => n !== null)?.variable
  const query = { ...(chosen ? { variables: [chosen] } : {}), lines: 24 }
  const [left, right] = [useSeries(a.run_id, 0, query), useSeries(b.run_id, 0, query)]
  const names = left.data?.variables.map(({ name }) => name) ?? []
  const shown = chosen ?? names[0]
  const last = Math.max(a.last_turn, b.last_turn)
  const focus = variables.flatMap(({ variable, name }) => (variable === shown ? [name] : []))
  const lines = left.data && right.data ? pairLines(left.data, right.data, focus, SHOWN) : []
  const flags = divergence ? [{ x: divergence.turn, label: 'First difference' }] : []
  return (
    <>
      <DivergencePanel comparison={comparison} />
      <section aria-label="Variables of both runs" className="panel p-4">
        <div className="mb-3 flex flex-wrap gap-1.5">
          <VariableChips
            names={names.slice(0, 20)}
            chosen={shown ? [shown] : []}
            onToggle={(name) => setUrl({ var: name }, true)}
          />
        </div>
        <LineChart
          label={`${shown ?? 'Variable'} in both runs`}
          series={lines}
          height={320}
          step
          xRange={[Math.min(a.first_turn, b.first_turn), Math.max(1, last)]}
          wholeX
          xWord={(x) => `turn ${x}`}
          flags={flags}
        />
      </section>
      {variables.length > 0 ? (
        <PartedTable variables={variables} onOpen={(variable) => setUrl({ var: variable }, true)} />
      ) : null}
      {settings.length > 0 ? <SettingsTable settings={settings} /> : null}
    </>
  )
}
