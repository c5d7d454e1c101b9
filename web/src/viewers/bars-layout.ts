export type BarItem = { id: string; label: string; plan: number; committed?: number; actual?: number }
export type BarRow = BarItem & {
  share: { plan: number; committed: number; actual: number }
  variance: number
  variancePercent: number | undefined
}

/** Each item's amounts as shares of the greatest, and how far actual plus what is committed beyond it lies from the plan. */
export function barsLayout(items: readonly BarItem[]): {
  rows: BarRow[]
  max: number
  total: { plan: number; committed: number; actual: number }
} {
  const max = Math.max(1e-9, ...items.flatMap((item) => [item.plan, item.committed ?? 0, item.actual ?? 0]))
  const rows = items.map((item): BarRow => {
    const spent = Math.max(item.committed ?? 0, item.actual ?? 0)
    const variance = spent - item.plan
    return {
      ...item,
      share: { plan: item.plan / max, committed: (item.committed ?? 0) / max, actual: (item.actual ?? 0) / max },
      variance,
      variancePercent: item.plan === 0 ? undefined : (100 * variance) / item.plan,
    }
  })
  const sum = (of: (item: BarItem) => number) => items.reduce((total, item) => total + of(item), 0)
  return {
    rows,
    max,
    total: { plan: sum((i) => i.plan), committed: sum((i) => i.committed ?? 0), actual: sum((i) => i.actual ?? 0) },
  }
}
