import { statfs } from 'node:fs/promises'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Gauge, Metrics } from '../../kernel/telemetry/metrics.ts'

type Row = { value: number } & Record<string, string | number>

/** What is read from the database when asked. A series whose rows are gone goes too. */
function fill(gauge: Gauge, before: Map<string, Record<string, string>>, rows: readonly Row[]): void {
  const gone = new Map(before)
  before.clear()
  for (const { value, ...labels } of rows as readonly { value: number }[]) {
    const key = JSON.stringify(labels)
    gone.delete(key)
    before.set(key, labels as Record<string, string>)
    gauge.set(labels, Number(value))
  }
  for (const labels of gone.values()) gauge.remove(labels)
}

const QUERIES: readonly { name: string; help: string; labels?: readonly string[]; sql: string }[] = [
  {
    name: 'event_followers_lag_seconds',
    help: 'Age of the longest writing transaction, which holds back whoever follows events',
    sql: `select coalesce(max(extract(epoch from now() - xact_start)), 0)::float8 as value from pg_stat_activity
           where backend_xid is not null and state <> 'idle' and pid <> pg_backend_pid() and datname = current_database()`,
  },
  {
    name: 'runs',
    help: 'Runs by domain and status',
    labels: ['domain', 'status'],
    sql: 'select domain, status, count(*)::int as value from kernel.runs group by domain, status',
  },
  {
    name: 'decisions_open',
    help: 'Questions that wait for a person',
    sql: `select count(*)::int as value from kernel.decisions where status = 'open'`,
  },
]

/** Metrics of the platform beside those of the domains. Without its database the page fails, which Prometheus shows as `up` 0. */
export function definePlatformMetrics(kernel: Kernel, metrics: Metrics): void {
  const scope = metrics.scope()
  for (const { sql, ...definition } of QUERIES) {
    const before = new Map<string, Record<string, string>>()
    scope.gauge({
      ...definition,
      collect: async (gauge) => fill(gauge, before, (await kernel.db.query(sql)).rows as Row[]),
    })
  }
  scope.gauge({
    name: 'artifacts_disk_used_ratio',
    help: 'Used share of the disk that holds artifacts',
    collect: async (gauge) => {
      const disk = await statfs(kernel.config.tasks.artifactsPath).catch(() => statfs('.')) // not made before the first artifact
      gauge.set({}, disk.blocks ? 1 - disk.bavail / disk.blocks : 0)
    },
  })
}
