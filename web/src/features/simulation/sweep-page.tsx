import { Link, useParams } from '@tanstack/react-router'
import { Download, Square } from 'lucide-react'
import { download } from '../../api/client.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Chip } from '../../components/chip.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { toastError } from '../../components/toast.tsx'
import { formatNumber, plural } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { LineChart } from '../../viewers/line-chart.tsx'
import { sweepCsvPath, useSweep, useSweepActions } from './api/analysis.ts'
import { VariableChips } from './components/variable-chips.tsx'
import { sweepLines } from './lib/sweep-lines.ts'
import type { Sweep } from './types.ts'

const CELL = 'px-3 py-1.5 whitespace-nowrap'
const NUMBER = `${CELL} tabular text-right font-mono text-xs`

/** One sweep: how far it is, what came of each combination, and each run. */
export default function SweepPage() {
  const { sweepId = '' } = useParams({ strict: false }) as { sweepId?: string }
  const sweep = useSweep(sweepId)
  const { stop } = useSweepActions()
  const trail = [
    { label: 'Simulation', to: '/simulation' },
    { label: 'Sweeps', to: '/simulation/sweeps' },
    { label: sweep.data?.name ?? sweepId },
  ]
  if (sweep.error && !sweep.data)
    return (
      <div className="p-5">
        <Crumbs trail={trail} />
        <ErrorPanel error={sweep.error} title="The sweep could not be read" onRetry={() => void sweep.refetch()} />
      </div>
    )
  if (!sweep.data) return <PageSkeleton />
  const { data } = sweep
  return (
    <div className="flex h-full flex-col">
      <Crumbs trail={trail} />
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2">
        <h2 className="min-w-0 truncate font-semibold">{data.name}</h2>
        <Chip status={data.status} />
        <p className="tabular text-xs text-ink-2">
          {formatNumber(data.done)} of {plural(data.runs, 'run')}
          {data.failed > 0 ? ` · ${formatNumber(data.failed)} failed` : ''}
        </p>
        <div className="w-40">
          <ProgressBar
            label="Runs that have ended"
            total={data.runs}
            parts={[
              { tone: 'done', value: data.done - data.failed },
              { tone: 'failed', value: data.failed },
            ]}
          />
        </div>
        <span className="ml-auto flex gap-2">
          {data.status === 'running' ? (
            <Confirm
              title="Stop this sweep?"
              action="Stop sweep"
              danger
              onConfirm={() => stop.mutate(sweepId, { onError: (error) => toastError('It was not stopped', error) })}
              trigger={(ask) => (
                <Button size="sm" look="danger" icon={Square} onClick={ask}>
                  Stop
                </Button>
              )}
            >
              Runs that wait are dropped, runs under way end after their turn. What has ended stays in the table.
            </Confirm>
          ) : null}
          <Button
            size="sm"
            look="quiet"
            icon={Download}
            onClick={() =>
              void download(sweepCsvPath(sweepId), `${sweepId}.csv`).catch((error) =>
                toastError('The table could not be exported', error),
              )
            }
          >
            Export CSV
          </Button>
        </span>
      </header>
      <div role="region" aria-label="Results" tabIndex={0} className="min-h-0 flex-1 overflow-y-auto -outline-offset-2">
        <div className="mx-auto flex max-w-6xl flex-col gap-5 p-4 md:p-6">
          <SweepChart sweep={data} />
          <Groups sweep={data} />
          <Runs sweep={data} />
        </div>
      </div>
    </div>
  )
}

/** One measure over the first varied number, a line for each combination of the others. */
function SweepChart({ sweep }: { sweep: Sweep }) {
  const [url, setUrl] = useUrlState()
  const measure = url.measure && sweep.measures.includes(url.measure) ? url.measure : sweep.measures[0]
  if (!measure) return null
  const chart = sweepLines(sweep, measure)
  if (!chart) return null
  return (
    <section aria-label="Measures" className="panel p-4">
      <div className="mb-3 flex flex-wrap items-center gap-1.5">
        <VariableChips
          names={sweep.measures.slice(0, 16)}
          chosen={[measure]}
          onToggle={(name) => setUrl({ measure: name }, true)}
        />
      </div>
      <LineChart
        label={`${measure} by ${chart.path}`}
        series={chart.lines}
        height={240}
        xWord={(x) => `${chart.path} ${x}`}
      />
    </section>
  )
}

function Groups({ sweep }: { sweep: Sweep }) {
  const paths = sweep.parameters.map(({ path }) => path)
  return (
    <section aria-label="Combinations" className="panel overflow-hidden">
      <h3 className="border-b border-line px-3 py-2 text-xs font-medium text-ink-2">
        {plural(sweep.groups.length, 'combination')}, mean ± deviation over seeds
      </h3>
      <div role="region" aria-label="Results by combination" tabIndex={0} className="max-h-96 overflow-auto">
        <table className="w-full text-sm">
          <thead className="sticky top-0 bg-surface text-left text-xs text-ink-2">
            <tr>
              {paths.map((path) => (
                <th key={path} className={`${CELL} font-mono`}>
                  {path}
                </th>
              ))}
              <th className={NUMBER}>Runs</th>
              {sweep.measures.map((name) => (
                <th key={name} className={NUMBER}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sweep.groups.map((group, i) => (
              <tr key={i} className="border-t border-line">
                {paths.map((path) => (
                  <td key={path} className={`${CELL} font-mono text-xs`}>
                    {String(
                      typeof group.parameters[path] === 'object'
                        ? JSON.stringify(group.parameters[path])
                        : group.parameters[path],
                    )}
                  </td>
                ))}
                <td className={NUMBER}>
                  {group.done}/{group.runs}
                </td>
                {sweep.measures.map((name) => {
                  const { mean, sd, min, max } = group.measures[name] ?? { mean: null, sd: null, min: null, max: null }
                  return (
                    <td key={name} className={NUMBER} title={mean === null ? undefined : `from ${min} to ${max}`}>
                      {mean === null ? '–' : formatNumber(mean, 3)}
                      {sd ? <span className="text-ink-3"> ± {formatNumber(sd, 2)}</span> : null}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Runs({ sweep }: { sweep: Sweep }) {
  const paths = sweep.parameters.map(({ path }) => path)
  return (
    <section aria-label="Runs" className="panel overflow-hidden">
      <h3 className="border-b border-line px-3 py-2 text-xs font-medium text-ink-2">{plural(sweep.runs, 'run')}</h3>
      <div role="region" aria-label="Runs of the sweep" tabIndex={0} className="max-h-[32rem] overflow-auto">
        <table className="w-full text-sm">
          <thead className="sticky top-0 bg-surface text-left text-xs text-ink-2">
            <tr>
              <th className={CELL}>Run</th>
              <th className={CELL}>State</th>
              <th className={NUMBER}>Turn</th>
              <th className={NUMBER}>Seed</th>
              {paths.map((path) => (
                <th key={path} className={`${CELL} font-mono`}>
                  {path}
                </th>
              ))}
              {sweep.measures.map((name) => (
                <th key={name} className={NUMBER}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sweep.rows.map((row) => (
              <tr key={row.position} className="border-t border-line">
                <td className={CELL}>
                  <Link
                    to={`/simulation/${row.run_id}` as never}
                    className="rounded text-accent-ink underline-offset-2 hover:underline"
                  >
                    {row.position + 1}
                  </Link>
                </td>
                <td className={CELL} title={row.error ?? undefined}>
                  <Chip status={row.status} />
                </td>
                <td className={NUMBER}>{row.final_turn ?? '–'}</td>
                <td className={NUMBER}>{row.seed ?? '–'}</td>
                {paths.map((path) => (
                  <td key={path} className={`${CELL} font-mono text-xs`}>
                    {JSON.stringify(row.parameters[path])}
                  </td>
                ))}
                {sweep.measures.map((name) => {
                  const value = row.measures[name]
                  return (
                    <td key={name} className={NUMBER}>
                      {value === null || value === undefined ? '–' : formatNumber(value, 3)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
