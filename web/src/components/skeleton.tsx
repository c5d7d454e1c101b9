/** The outline of what is coming, shown only while nothing is known yet. */
export function Skeleton({ rows = 3, height = 16 }: { rows?: number; height?: number }) {
  return (
    <div className="flex flex-col gap-3" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={`row-${row.toString()}`}
          className="shimmer rounded"
          style={{ height, width: `${[100, 84, 92, 68][row % 4]}%` }}
        />
      ))}
    </div>
  )
}

/** A whole page that is still loading. */
export function PageSkeleton() {
  return (
    <output aria-label="Loading" className="block p-4 md:p-6">
      <div className="shimmer mb-6 h-7 w-56 rounded" />
      <Skeleton rows={8} height={20} />
    </output>
  )
}
