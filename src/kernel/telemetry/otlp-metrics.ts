import type { Log } from './logger.ts'
import type { MetricFamily, Metrics, Sample } from './metrics.ts'

const attributesOf = (labels: Record<string, string>) =>
  Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: value } }))

const CUMULATIVE = 2

/** Prometheus buckets count up to their bound; OTLP counts between bounds. */
function histogramPoints(samples: readonly Sample[], times: object): unknown[] {
  const withoutBound = ({ le: _, ...labels }: Record<string, string>) => labels
  const groups = Map.groupBy(samples, ({ labels }) => JSON.stringify(Object.entries(withoutBound(labels)).sort()))
  return [...groups.values()].map((group) => {
    const buckets = group.filter(({ name }) => name.endsWith('_bucket'))
    const bounds = buckets.map(({ labels }) => (labels['le'] === '+Inf' ? Infinity : Number(labels['le'])))
    return {
      attributes: attributesOf(withoutBound(group[0]!.labels)),
      ...times,
      count: String(group.find(({ name }) => name.endsWith('_count'))?.value ?? 0),
      sum: group.find(({ name }) => name.endsWith('_sum'))?.value ?? 0,
      explicitBounds: bounds.filter(Number.isFinite),
      bucketCounts: buckets.map(({ value }, index) => String(value - (buckets[index - 1]?.value ?? 0))),
    }
  })
}

/** The OTLP/HTTP JSON body of all metrics at one moment; times in milliseconds. */
export function otlpMetricsBody(
  families: readonly MetricFamily[],
  serviceName: string,
  startMs: number,
  nowMs: number,
): unknown {
  const times = { startTimeUnixNano: `${startMs}000000`, timeUnixNano: `${nowMs}000000` }
  const points = (samples: readonly Sample[]) =>
    samples.map(({ labels, value }) => ({ attributes: attributesOf(labels), ...times, asDouble: value }))
  const metrics = families.map(({ name, help, kind, samples }) => ({
    name,
    description: help,
    ...(kind === 'gauge'
      ? { gauge: { dataPoints: points(samples) } }
      : kind === 'counter'
        ? { sum: { dataPoints: points(samples), aggregationTemporality: CUMULATIVE, isMonotonic: true } }
        : { histogram: { dataPoints: histogramPoints(samples, times), aggregationTemporality: CUMULATIVE } }),
  }))
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf({ 'service.name': serviceName }) },
        scopeMetrics: [{ scope: { name: 'troupe' }, metrics }],
      },
    ],
  }
}

/** Pushes all metrics to a collector every minute and once at the end. A collector that is away is reported once until it answers again. */
export function startMetricPush(options: {
  endpoint: string
  serviceName: string
  metrics: Metrics
  log: Pick<Log, 'warn'>
  intervalMs?: number
  headers?: Record<string, string>
  now?: () => number
}): { push(): Promise<void>; stop(): Promise<void> } {
  const { now = Date.now } = options
  const url = `${options.endpoint.replace(/\/+$/, '').replace(/\/v1\/(traces|metrics)$/, '')}/v1/metrics`
  const startMs = now()
  let reported = false
  const push = async () => {
    const body = otlpMetricsBody(await options.metrics.families(), options.serviceName, startMs, now())
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...options.headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`)
      reported = false
    } catch (error) {
      if (!reported)
        options.log.warn(
          { reason: error instanceof Error ? error.message : String(error) },
          'metrics are not delivered: the collector is away',
        )
      reported = true
    }
  }
  const timer = setInterval(() => void push(), options.intervalMs ?? 60_000)
  timer.unref()
  return {
    push,
    stop: async () => {
      clearInterval(timer)
      await push()
    },
  }
}
