import { Sparkline } from '../../../components/sparkline.tsx'
import { formatNumber } from '../../../lib/format.ts'
import { useSparkEvents } from '../api/simulations.ts'
import { seriesName, seriesOf } from '../lib/series.ts'

/** A line of the liveliest variable of a run, with its name and last value. */
export function SparkCell({ id, version }: { id: string; version: number }) {
  const { data } = useSparkEvents(id, version)
  if (!data) return <span className="text-2xs text-ink-3">…</span>
  const best = seriesOf(data).sort(
    (a, b) => b.points.length - a.points.length || Number(a.agent !== undefined) - Number(b.agent !== undefined),
  )[0]
  if (!best) return <span className="text-2xs text-ink-3">no changes recorded</span>
  const values = best.points.map((point) => point.y)
  const name = seriesName(best)
  return (
    <span className="flex items-center gap-2">
      <Sparkline values={values} width={72} height={20} label={`${name}: from ${values[0]} to ${values.at(-1)}`} />
      <span className="min-w-0 truncate text-2xs text-ink-3">
        {name} <span className="tabular text-ink-2">{formatNumber(values.at(-1) ?? 0, 1)}</span>
      </span>
    </span>
  )
}
