import type { Kernel } from '../../kernel/kernel.ts'
import type { MetricScope } from '../../kernel/telemetry/metrics.ts'
import { findParts } from '../parts.ts'
import type { ServiceName } from '../services-port.ts'

const SERVICES: readonly ServiceName[] = ['auto_movie', 'brain', 'task_service']
const CIRCUIT = { closed: 0, half_open: 1, open: 2 } as const
const CALL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Calls to the outside services: counted by whoever makes them, the circuits are looked at. */
export function serviceMetrics(kernel: Kernel, scope: MetricScope) {
  scope.gauge({
    name: 'circuit_state',
    help: 'Circuit to an outside service: 0 closed, 1 trying, 2 open',
    labels: ['service'],
    collect: (gauge) => {
      const services = findParts(kernel)?.services
      for (const service of SERVICES) gauge.set({ service }, CIRCUIT[services?.circuit(service) ?? 'closed'])
    },
  })
  const labels = ['service', 'operation', 'outcome']
  return {
    externalCalls: scope.counter({ name: 'external_calls_total', help: 'Calls to outside services', labels }),
    externalSeconds: scope.histogram({
      name: 'external_call_seconds',
      help: 'Time of calls to outside services',
      labels,
      buckets: CALL_SECONDS,
    }),
  }
}
