import prom from 'prom-client'

type Labels = Record<string, string | number>
type Definition = { name: string; help: string; labels?: readonly string[] }
export type Counter = { inc(labels?: Labels, value?: number): void }
export type Gauge = { set(labels: Labels, value: number): void; remove(labels: Labels): void }
export type Histogram = { observe(labels: Labels, value: number): void }

/** Metrics of one domain (or of the platform). Defining one again with the same name gives the same metric. */
export type MetricScope = {
  counter(definition: Definition): Counter
  /** `collect` is called before each reading: the place to look at a queue. */
  gauge(definition: Definition & { collect?: (gauge: Gauge) => void | Promise<void> }): Gauge
  histogram(definition: Definition & { buckets?: readonly number[] }): Histogram
}
export type Sample = { name: string; labels: Record<string, string>; value: number }
export type MetricFamily = { name: string; help: string; kind: 'counter' | 'gauge' | 'histogram'; samples: Sample[] }
export type Metrics = {
  scope(domain?: string): MetricScope
  /** The Prometheus text format. */
  text(): Promise<string>
  readonly contentType: string
  /** Every sample, for tests and health pages. */
  samples(): Promise<Sample[]>
  /** The same by metric, for exporters. */
  families(): Promise<MetricFamily[]>
}
export const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60]

type Kind = 'counter' | 'gauge' | 'histogram'
type Own = { domain: string; metric: prom.Metric; handle: unknown }
type Family = { name: string; help: string; kind: Kind; own: Own[] }

const escapeLabel = (value: string) => value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')
const numberText = (value: number) => (value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value))

/**
 * One registry for all domains. A name used by one scope has exactly its labels; a name used by several gets the union of their labels plus
 * `domain` (`platform` for the scope without one), so `/metrics` serves every contract at once.
 */
export function createMetrics(options: { processMetrics?: boolean } = {}): Metrics {
  const families = new Map<string, Family>()
  const processRegistry = new prom.Registry()
  if (options.processMetrics) prom.collectDefaultMetrics({ register: processRegistry })

  function define<H>(
    kind: Kind,
    domain: string,
    definition: Definition,
    make: () => { metric: prom.Metric; handle: H },
  ): H {
    const family: Family = families.get(definition.name) ?? {
      name: definition.name,
      help: definition.help,
      kind,
      own: [],
    }
    if (family.kind !== kind)
      throw new Error(`Metric ${family.name} is a ${family.kind}: give the ${kind} another name`)
    const known = family.own.find((own) => own.domain === domain)
    if (known) return known.handle as H
    const made = make()
    family.own.push({ domain, ...made })
    families.set(family.name, family)
    return made.handle
  }

  const scope = (domain = 'platform'): MetricScope => ({
    counter: (definition) =>
      define('counter', domain, definition, () => {
        const metric = new prom.Counter({ ...own(definition), registers: [] })
        return { metric, handle: { inc: (labels: Labels = {}, value = 1) => metric.inc(labels, value) } }
      }),
    gauge: (definition) =>
      define('gauge', domain, definition, () => {
        let handle: Gauge
        const collect = definition.collect && (() => definition.collect!(handle))
        const metric = new prom.Gauge({ ...own(definition), registers: [], ...(collect && { collect }) })
        handle = { set: (labels, value) => metric.set(labels, value), remove: (labels) => metric.remove(labels) }
        return { metric, handle }
      }),
    histogram: (definition) =>
      define('histogram', domain, definition, () => {
        const metric = new prom.Histogram({
          ...own(definition),
          registers: [],
          buckets: [...(definition.buckets ?? LATENCY_BUCKETS)],
        })
        return { metric, handle: { observe: (labels: Labels, value: number) => metric.observe(labels, value) } }
      }),
  })

  async function samplesOf(family: Family): Promise<Sample[]> {
    const perDomain = await Promise.all(
      family.own.map(async ({ domain, metric }) => {
        const { values } = (await metric.get()) as { values: { labels: Labels; value: number; metricName?: string }[] }
        return values.map(({ labels, value, metricName }) => ({
          name: metricName ?? family.name,
          labels: Object.fromEntries(
            Object.entries({ ...labels, ...(family.own.length > 1 && { domain }) }).map(([key, label]) => [
              key,
              String(label),
            ]),
          ),
          value,
        }))
      }),
    )
    return perDomain.flat()
  }

  return {
    scope,
    contentType: prom.Registry.PROMETHEUS_CONTENT_TYPE,
    families: () =>
      Promise.all(
        [...families.values()].map(async (family) => {
          const { name, help, kind } = family
          return { name, help, kind, samples: await samplesOf(family) }
        }),
      ),
    async samples() {
      return (await Promise.all([...families.values()].map(samplesOf))).flat()
    },
    async text() {
      const parts = await Promise.all(
        [...families.values()].map(async (family) => {
          const lines = (await samplesOf(family)).map(({ name, labels, value }) => {
            const pairs = Object.entries(labels).map(([key, label]) => `${key}="${escapeLabel(label)}"`)
            return `${name}${pairs.length ? `{${pairs.join(',')}}` : ''} ${numberText(value)}\n`
          })
          const help = family.help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')
          return `# HELP ${family.name} ${help}\n# TYPE ${family.name} ${family.kind}\n${lines.join('')}`
        }),
      )
      const process = await processRegistry.metrics()
      return parts.join('') + (process.trim() ? process : '')
    },
  }
}

const own = ({ name, help, labels }: Definition) => ({ name, help, labelNames: [...(labels ?? [])] })
