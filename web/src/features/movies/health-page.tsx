import { useQuery } from '@tanstack/react-query'
import { fetchText } from '../../api/client.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Chip } from '../../components/chip.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { formatBytes, formatDuration, formatNumber } from '../../lib/format.ts'
import type { Tone } from '../../lib/states.ts'
import { useMovieHealth } from './api/movies.ts'
import { Sections } from './components/sections.tsx'
import { parseMetrics, quantile, type Sample, total } from './lib/parse-metrics.ts'
import { words } from './lib/states.ts'

const useMetrics = () =>
  useQuery({
    queryKey: ['movies', 'metrics'],
    queryFn: async ({ signal }) => parseMetrics(await fetchText('/metrics', signal)),
    refetchInterval: 15_000,
  })

const TONES: Record<string, Tone> = {
  connected: 'done',
  degraded: 'blocked',
  unavailable: 'failed',
  not_configured: 'draft',
}
const ROLES: Record<string, string> = {
  state_store: 'Keeps every workflow, task and event',
  auto_movie: 'Owns projects; without it they are kept here',
  brain: 'Knowledge of earlier work; without it agents start fresh',
  task_service: 'Media on GPUs; without it the local studio draws and mixes',
}
/** The platform names its database for other contracts too. */
const own = ({ database: _database, coordination: _coordination, ...rest }: Record<string, string>) => rest
const CIRCUITS = ['closed', 'trying', 'open']

/** Dependencies with their circuits, queues, and the figures that matter. */
export default function HealthPage() {
  const health = useMovieHealth()
  const metrics = useMetrics()
  const samples = metrics.data ?? []
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Movies', to: '/movies' }, { label: 'Health' }]} />
      <div className="mx-auto flex max-w-[1240px] flex-col gap-4 p-4 md:p-6">
        <Sections />
        {health.error ? (
          <ErrorPanel error={health.error} title="The health could not be read" onRetry={() => void health.refetch()} />
        ) : !health.data ? (
          <Skeleton rows={5} />
        ) : (
          <section aria-label="Dependencies" className="panel overflow-x-auto" tabIndex={0}>
            <table className="w-full text-sm">
              <caption className="sr-only">Dependencies of the movie service</caption>
              <thead className="bg-sunken text-left text-xs text-ink-2">
                <tr>
                  {['Dependency', 'State', 'Circuit', 'What it is for'].map((head) => (
                    <th key={head} scope="col" className="px-4 py-2 font-medium last:max-md:hidden">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {Object.entries({
                  ...own(health.data.dependencies),
                  model: health.data.model_configured ? 'connected' : 'not_configured',
                }).map(([name, state]) => {
                  const circuit = total(samples, 'circuit_state', { service: name })
                  return (
                    <tr key={name} className="border-t border-line">
                      <th scope="row" className="px-4 py-2 text-left font-medium whitespace-nowrap">
                        {words(name)}
                      </th>
                      <td className="px-4 py-2">
                        <Chip status={state} tone={TONES[state] ?? 'paused'} />
                      </td>
                      <td className="px-4 py-2 text-ink-2">{circuit === undefined ? '–' : CIRCUITS[circuit]}</td>
                      <td className="px-4 py-2 text-ink-2 max-md:hidden">
                        {ROLES[name] ?? 'Writes texts; without it templates do, marked as drafts'}
                      </td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </section>
        )}
        {metrics.error ? (
          <ErrorPanel
            error={metrics.error}
            title="The figures could not be read"
            onRetry={() => void metrics.refetch()}
          />
        ) : (
          <Figures samples={samples} />
        )}
        <Queues samples={samples} />
      </div>
    </div>
  )
}

const share = (part: number | undefined, whole: number | undefined) =>
  whole ? `${formatNumber(((part ?? 0) / whole) * 100, 1)} %` : '–'

function Figures({ samples }: { samples: readonly Sample[] }) {
  const count = (name: string, where?: Record<string, string>) => total(samples, name, where)
  const slow = quantile(samples, 'http_request_duration_seconds', 0.95)
  const figures: [label: string, value: string][] = [
    ['Films under way', formatNumber(count('workflows_active') ?? 0)],
    ['Decisions waiting', formatNumber(count('decisions_pending') ?? 0)],
    ['Decisions overdue', formatNumber(count('decisions_overdue') ?? 0)],
    [
      'Agents not healthy',
      formatNumber(samples.filter((s) => s.name === 'agent_health_status' && s.value !== 1).length),
    ],
    [
      'Films that failed',
      share(count('workflow_completed_total', { status: 'failed' }), count('workflow_completed_total')),
    ],
    ['Tasks tried again', share(count('task_retries_total'), count('task_completed_total'))],
    [
      '95 % of requests within',
      slow === undefined ? '–' : slow === Infinity ? 'over 60 s' : formatDuration(slow * 1000),
    ],
    ['Up for', formatDuration((count('app_uptime_seconds') ?? 0) * 1000)],
    ['Memory', formatBytes(count('process_resident_memory_bytes') ?? 0)],
    ['Store', formatBytes(count('state_store_size_bytes') ?? 0)],
    ['Connections to the store', formatNumber(count('state_store_connections') ?? 0)],
    ['Waiting for locks', formatNumber(count('state_store_blocked') ?? 0)],
  ]
  return (
    <dl aria-label="Figures" className="grid grid-cols-2 gap-3 md:grid-cols-4">
      {figures.map(([label, value]) => (
        <div key={label} className="panel p-3">
          <dt className="text-xs text-ink-3">{label}</dt>
          <dd className="tabular text-lg font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Queues({ samples }: { samples: readonly Sample[] }) {
  const rows = samples
    .filter((s) => s.name === 'tasks_active' && s.value > 0)
    .sort((a, b) => b.value - a.value)
    .map((s) => [s.labels['task_type'] ?? '', s.value] as const)
  return (
    <section aria-label="Queues" className="panel p-4">
      <h2 className="mb-2 text-sm font-semibold">Tasks pending or running</h2>
      {rows.length === 0 ? <p className="text-sm text-ink-2">None: nothing waits for an agent.</p> : null}
      <ul className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2 lg:grid-cols-3">
        {rows.map(([type, count]) => (
          <li key={type} className="flex justify-between border-b border-line py-1">
            <span>{words(type)}</span>
            <span className="tabular font-medium">{formatNumber(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
