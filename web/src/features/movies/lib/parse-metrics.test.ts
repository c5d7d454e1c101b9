import { expect, it } from 'vitest'
import { parseMetrics, quantile, total } from './parse-metrics.ts'

const TEXT = `# HELP a_total A
# TYPE a_total counter
a_total{x="1",y="say \\"hi\\""} 3
a_total{x="2",y=""} 4
up 1
h_bucket{le="0.1"} 5
h_bucket{le="1"} 9
h_bucket{le="+Inf"} 10
broken{ 3`

it('reads names, labels and values', () => {
  const samples = parseMetrics(TEXT)
  expect(samples[0]).toEqual({ name: 'a_total', labels: { x: '1', y: 'say "hi"' }, value: 3 })
  expect(samples).toHaveLength(6)
})

it('sums series, and says nothing of a name that is not there', () => {
  const samples = parseMetrics(TEXT)
  expect([total(samples, 'a_total'), total(samples, 'a_total', { x: '2' }), total(samples, 'none')]).toEqual([
    7,
    4,
    undefined,
  ])
})

it('finds the bucket of a quantile', () => {
  const samples = parseMetrics(TEXT)
  expect([quantile(samples, 'h', 0.5), quantile(samples, 'h', 0.9), quantile(samples, 'h', 0.95)]).toEqual([
    0.1,
    1,
    Infinity,
  ])
  expect(quantile(samples, 'none', 0.5)).toBeUndefined()
})
