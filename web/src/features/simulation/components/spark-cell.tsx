import { Sparkline } from '../../../components/sparkline.tsx'
import { formatNumber } from '../../../lib/format.ts'
import { useSeries } from '../api/analysis.ts'

/** A line of the liveliest variable of a run, with its name and last value. */
export function SparkCell({ id, version }: { id: string; version: number }) {
  const { data, error } = useSeries(id, version, { points: 60, lines: 1 })
  if (error) return <span className="text-2xs text-ink-3">–</span>
  if (!data) return <span className="text-2xs text-ink-3">…</span>
  const line = data.series[0]
  if (!line || line.points.length === 0) return <span className="text-2xs text-ink-3">no changes recorded</span>
  const values = line.points.map(([, value]) => value)
  return (
    <span className="flex items-center gap-2">
      <Sparkline values={values} width={72} height={20} label={`${line.name}: from ${values[0]} to ${values.at(-1)}`} />
      <span className="min-w-0 truncate text-2xs text-ink-3">
        {line.name} <span className="tabular text-ink-2">{formatNumber(values.at(-1) ?? 0, 1)}</span>
      </span>
    </span>
  )
}
