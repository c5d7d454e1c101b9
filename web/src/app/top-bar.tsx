import { Link } from '@tanstack/react-router'
import { ChevronRight, Search } from 'lucide-react'
import { Fragment } from 'react'
import { useServerKind } from '../api/server-kind.ts'
import { usePhone } from '../lib/use-media.ts'
import { useTrail } from './crumbs.tsx'
import { LiveBadge } from './live-badge.tsx'
import { NewMenu } from './new-menu.tsx'

/** Where one is, search, whether the page is live, and "+ New". */
export function TopBar({ onSearch }: { onSearch: () => void }) {
  const trail = useTrail()
  const phone = usePhone()
  const last = trail.at(-1)
  const reader = useServerKind() === 'reader'
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 md:px-4">
      <div className="flex min-w-0 flex-1 items-center gap-1.5">
        {trail.slice(0, -1).map((crumb) => (
          <Fragment key={crumb.label}>
            <Link
              to={(crumb.to ?? '.') as never}
              className="shrink-0 rounded text-sm text-ink-2 hover:text-ink max-md:max-w-24 max-md:truncate"
            >
              {crumb.label}
            </Link>
            <ChevronRight size={14} aria-hidden="true" className="shrink-0 text-ink-3" />
          </Fragment>
        ))}
        <h1 className="truncate text-sm font-semibold">{last?.label ?? 'Troupe'}</h1>
      </div>
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 items-center gap-2 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink-3 hover:border-ink-3 hover:text-ink-2 md:w-52"
      >
        <Search size={15} aria-hidden="true" />
        {phone ? (
          <span className="sr-only">Search and commands</span>
        ) : (
          <>
            <span className="flex-1 text-left">Search</span>
            <kbd className="rounded border border-line bg-sunken px-1 text-2xs">
              {/mac/i.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}
            </kbd>
          </>
        )}
      </button>
      <LiveBadge />
      {phone || reader ? null : <NewMenu />}
    </header>
  )
}
