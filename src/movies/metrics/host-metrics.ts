import fs from 'node:fs/promises'
import os from 'node:os'
import type { Kernel } from '../../kernel/kernel.ts'
import type { MetricScope } from '../../kernel/telemetry/metrics.ts'

/** What the alert rules ask of the machine and of this process (contract 6.3 and 6.4). */
export function hostMetrics(kernel: Kernel, scope: MetricScope) {
  const started = kernel.clock.now()
  scope.gauge({
    name: 'app_uptime_seconds',
    help: 'Since the start of this process',
    collect: (gauge) => gauge.set({}, Math.max(0, (kernel.clock.now() - started) / 1000)),
  })
  scope.gauge({
    name: 'host_load1',
    help: 'Load of the host over a minute',
    collect: (gauge) => gauge.set({}, os.loadavg()[0]!),
  })
  scope.gauge({
    name: 'host_cpus',
    help: 'Processors of the host',
    collect: (gauge) => gauge.set({}, os.availableParallelism()),
  })
  scope.gauge({
    name: 'host_memory_bytes',
    help: 'Memory of the host',
    collect: (gauge) => gauge.set({}, os.totalmem()),
  })
  scope.gauge({
    name: 'host_network_errors',
    help: 'Errors of its network interfaces since its start (Linux)',
    labels: ['direction'],
    collect: async (gauge) => {
      const table = await fs.readFile('/proc/net/dev', 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '' // not Linux: nothing to tell
        throw error
      })
      const { received, sent } = networkErrors(table)
      gauge.set({ direction: 'in' }, received)
      gauge.set({ direction: 'out' }, sent)
    },
  })
}

/** Errors of all interfaces in the table of /proc/net/dev. */
export function networkErrors(table: string): { received: number; sent: number } {
  let [received, sent] = [0, 0]
  for (const line of table.split('\n')) {
    const [name, counts] = line.split(':')
    if (!name || counts === undefined) continue
    const numbers = counts.trim().split(/\s+/).map(Number)
    received += numbers[2] ?? 0
    sent += numbers[10] ?? 0
  }
  return { received, sent }
}
