import type { MetricScope, Metrics } from './metrics.ts'

const scope: MetricScope = {
  counter: () => ({ inc: () => undefined }),
  gauge: () => ({ set: () => undefined, remove: () => undefined }),
  histogram: () => ({ observe: () => undefined }),
}

/** Counts nothing and loads nothing: for small processes and for parts that got no metrics. */
export const noMetrics: Metrics = {
  scope: () => scope,
  text: async () => '',
  samples: async () => [],
  families: async () => [],
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
}
