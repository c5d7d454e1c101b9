import { formatDuration, formatExact, formatRelative, toMs } from '../lib/format.ts'
import { useNow } from '../lib/use-now.ts'

/** A moment, told relative to now; the exact local time and UTC are in its title. */
export function When({ at, className }: { at: string | number | null | undefined; className?: string }) {
  const now = useNow()
  const ms = toMs(at)
  if (ms === undefined) return <span className={className}>–</span>
  return (
    <time
      dateTime={new Date(ms).toISOString()}
      title={formatExact(ms)}
      className={`tabular whitespace-nowrap ${className ?? ''}`}
    >
      {formatRelative(ms, now)}
    </time>
  )
}

/** The time from `from` to `to`, or to now while there is no end. */
export function Elapsed({
  from,
  to,
  className,
}: {
  from: string | number | null | undefined
  to?: string | number | null
  className?: string
}) {
  const now = useNow()
  const start = toMs(from)
  if (start === undefined) return <span className={className}>–</span>
  return (
    <span className={`tabular whitespace-nowrap ${className ?? ''}`}>
      {formatDuration((toMs(to) ?? Math.max(now, start)) - start)}
    </span>
  )
}
