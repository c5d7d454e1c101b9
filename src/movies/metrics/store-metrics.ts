import type { Kernel } from '../../kernel/kernel.ts'
import type { MetricScope } from '../../kernel/telemetry/metrics.ts'

type Row = { name: string; help: string; sql: string }

const OURS = 'datname = current_database()'

/** What PostgreSQL can say of itself (contract 6.3, state_store_*). Counts since its start are read as gauges: use delta(). */
export const STORE_METRICS: readonly Row[] = [
  { name: 'connections', help: 'Connections to the store', sql: `select count(*) from pg_stat_activity where ${OURS}` },
  { name: 'connections_max', help: 'Connections it allows', sql: `select current_setting('max_connections')::int` },
  {
    name: 'blocked',
    help: 'Connections that wait for a lock',
    sql: `select count(*) from pg_stat_activity where ${OURS} and wait_event_type = 'Lock'`,
  },
  {
    name: 'slow_operations',
    help: 'Statements that have been running for more than a second',
    sql: `select count(*) from pg_stat_activity where ${OURS} and state = 'active' and pid <> pg_backend_pid() and query_start < now() - interval '1 second'`,
  },
  {
    name: 'operations',
    help: 'Transactions since its statistics began',
    sql: `select xact_commit + xact_rollback from pg_stat_database where ${OURS}`,
  },
  {
    name: 'cache_hits',
    help: 'Pages found in memory',
    sql: `select blks_hit from pg_stat_database where ${OURS}`,
  },
  {
    name: 'cache_misses',
    help: 'Pages read from outside its memory',
    sql: `select blks_read from pg_stat_database where ${OURS}`,
  },
  {
    name: 'memory_bytes',
    help: 'Shared memory it is configured to use',
    sql: `select pg_size_bytes(current_setting('shared_buffers'))`,
  },
  { name: 'size_bytes', help: 'Size of the database', sql: 'select pg_database_size(current_database())' },
  {
    name: 'dead_rows_ratio',
    help: 'Dead rows by live ones in the movie tables',
    sql: `select coalesce(sum(n_dead_tup)::float8 / greatest(sum(n_live_tup), 1000), 0) from pg_stat_user_tables where schemaname = 'movies'`,
  },
  {
    name: 'replication_lag_seconds',
    help: 'The slowest replica; 0 without replicas',
    sql: 'select coalesce(max(extract(epoch from replay_lag)), 0) from pg_stat_replication',
  },
]

/** Pages pushed out of shared memory; told by PostgreSQL 16 and later. */
const EVICTIONS = 'select coalesce(sum(evictions), 0) as value from pg_stat_io'

const FRESH_MS = 1000

/** `state_store_up` is 0 and the rest keep their last values while the store does not answer. One reading serves all of them. */
export function storeMetrics(kernel: Kernel, scope: MetricScope) {
  const all = `select ${STORE_METRICS.map(({ name, sql }) => `(${sql})::float8 as ${name}`).join(', ')}, current_setting('server_version_num')::int as version`
  const read = async (): Promise<Record<string, unknown> | null> => {
    try {
      const row = (await kernel.db.query(all)).rows[0]!
      if (Number(row['version']) < 160_000) return row
      return { ...row, evictions: (await kernel.db.query(EVICTIONS)).rows[0]!['value'] }
    } catch (error) {
      kernel.log.warn({ error: (error as Error).message }, 'the state store did not answer the metrics')
      return null
    }
  }
  let reading: Promise<Record<string, unknown> | null> | undefined
  let readAt = 0
  const latest = () => {
    if (!reading || kernel.clock.now() - readAt > FRESH_MS) {
      readAt = kernel.clock.now()
      reading = read()
    }
    return reading
  }
  const rows = [
    ...STORE_METRICS,
    { name: 'evictions', help: 'Pages pushed out of its memory (PostgreSQL 16 and later)' },
  ]
  for (const { name, help } of rows)
    scope.gauge({
      name: `state_store_${name}`,
      help,
      collect: async (gauge) => {
        const value = (await latest())?.[name]
        if (value !== undefined) gauge.set({}, Number(value))
      },
    })
  scope.gauge({
    name: 'state_store_up',
    help: '1 when the store answers',
    collect: async (gauge) => gauge.set({}, (await latest()) ? 1 : 0),
  })
}
