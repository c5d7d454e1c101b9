import { Chip } from '../../../components/chip.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { formatDuration } from '../../../lib/format.ts'
import { useServerHealth } from '../api/settings.ts'
import { Card } from './card.tsx'

const LINKS = [
  { href: '/docs', label: 'API reference to browse' },
  { href: '/v1/client.ts', label: 'A typed TypeScript client of this server' },
  { href: '/openapi.json', label: 'OpenAPI document of all HTTP interfaces' },
  { href: '/metrics', label: 'Metrics in Prometheus format' },
  { href: '/health', label: 'Health' },
]

/** Version, health and where the interfaces are described. */
export function About() {
  const health = useServerHealth()
  if (health.error)
    return (
      <ErrorPanel
        error={health.error}
        title="The server is not well, or cannot be reached"
        onRetry={() => void health.refetch()}
      />
    )
  if (!health.data) return <Skeleton rows={4} />
  const parts = { ...health.data.dependencies, ...health.data.workers }
  return (
    <>
      <Card title="Server">
        <Facts
          facts={[
            { label: 'State', value: <Chip status={health.data.status} /> },
            { label: 'Version', value: health.data.version },
            { label: 'Up for', value: formatDuration(health.data.uptime_seconds * 1000) },
            ...(health.data.metrics?.memory_usage_mb
              ? [{ label: 'Memory', value: `${health.data.metrics.memory_usage_mb} MB` }]
              : []),
          ]}
        />
      </Card>
      <Card title="Parts">
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(180px,1fr))] gap-2">
          {Object.entries(parts).map(([name, state]) => (
            <div
              key={name}
              className="flex items-center justify-between gap-2 rounded-md border border-line px-3 py-1.5 text-sm"
            >
              <dt>{name.replaceAll('_', ' ')}</dt>
              <dd>
                <Chip status={state === 'connected' || state === 'running' ? 'healthy' : state} word={state} />
              </dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title="Interfaces">
        <ul className="flex flex-col gap-1.5 text-sm">
          {LINKS.map((link) => (
            <li key={link.href}>
              <a href={link.href} className="rounded text-accent-ink underline underline-offset-2">
                {link.label}
              </a>
            </li>
          ))}
        </ul>
      </Card>
    </>
  )
}
