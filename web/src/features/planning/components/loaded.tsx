import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'

/** A read with its states: loading, refused, not there yet, there. */
export function Loaded<T>({
  query,
  what,
  empty,
  children,
}: {
  query: UseQueryResult<T | null>
  what: string
  empty: ReactNode
  children: (data: T) => ReactNode
}) {
  if (query.error)
    return <ErrorPanel error={query.error} title={`${what} could not be read`} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Skeleton rows={5} height={22} />
  if (query.data === null || (Array.isArray(query.data) && query.data.length === 0)) return <>{empty}</>
  return <>{children(query.data)}</>
}

/** A titled part of a tab. */
export function Part({
  title,
  note,
  children,
  actions,
}: {
  title: string
  note?: ReactNode
  children: ReactNode
  actions?: ReactNode
}) {
  return (
    <section aria-label={title} className="panel flex min-w-0 flex-col gap-3 p-4">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="text-sm font-semibold">{title}</h2>
        {note ? <span className="text-xs text-ink-3">{note}</span> : null}
        {actions ? <span className="ml-auto flex gap-2">{actions}</span> : null}
      </header>
      {children}
    </section>
  )
}

/** What is not there yet, in one line. */
export const NotYet = ({ children }: { children: ReactNode }) => <p className="py-2 text-sm text-ink-3">{children}</p>
