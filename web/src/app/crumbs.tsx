import { useEffect, useSyncExternalStore } from 'react'

export type Crumb = { label: string; to?: string }

let trail: Crumb[] = []
const listeners = new Set<() => void>()

/** What the top bar shows: where one is. The last part is the page's heading. */
export function useTrail(): Crumb[] {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify)
      return () => listeners.delete(notify)
    },
    () => trail,
  )
}

/** Said by each page: its place, and the document's title when it differs from "<page> · Troupe". */
export function Crumbs({ trail: next, title }: { trail: Crumb[]; title?: string }) {
  const key = JSON.stringify(next)
  useEffect(() => {
    trail = JSON.parse(key) as Crumb[]
    for (const listener of listeners) listener()
    const last = trail.at(-1)?.label
    document.title = title ?? (last && last !== 'Home' ? `${last} · Troupe` : 'Troupe')
  }, [key, title])
  return null
}
