import type { Kernel } from '../../kernel/kernel.ts'
import type { Gauge, MetricScope } from '../../kernel/telemetry/metrics.ts'

export type StoreGauge = (name: string, help: string, labels: string[], sql: string) => Gauge

/**
 * Gauges that are read from the store whenever they are collected: `sql` answers rows of the labels and a `value`. Labels
 * that are gone are removed.
 */
export const storeGauge =
  (kernel: Kernel, scope: MetricScope): StoreGauge =>
  (name, help, labels, sql) => {
    let last: Record<string, string>[] = []
    return scope.gauge({
      name,
      help,
      labels,
      collect: async (handle) => {
        const { rows } = await kernel.db.query(sql)
        for (const old of last) handle.remove(old)
        last = rows.map((row) => Object.fromEntries(labels.map((label) => [label, String(row[label])])))
        rows.forEach((row, i) => {
          handle.set(last[i]!, Number(row['value']))
        })
      },
    })
  }
