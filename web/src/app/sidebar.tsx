import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useServerKind } from '../api/server-kind.ts'
import { cx } from '../lib/cx.ts'
import { Logo } from './logo.tsx'
import { NAV, type NavItem, READER_NAV } from './nav.ts'
import { useBadges } from './use-badges.ts'

/** The sections at the left, with what waits and how many agents there are. */
export function Sidebar() {
  const reader = useServerKind() === 'reader'
  const badges = useBadges(!reader)
  return (
    <nav aria-label="Sections" className="flex w-52 shrink-0 flex-col border-r border-line bg-surface">
      <Link
        to="/"
        className="flex h-12 items-center gap-2.5 px-4 text-lg font-semibold tracking-tight -outline-offset-2"
        aria-label="Troupe, home"
      >
        <Logo />
        Troupe
      </Link>
      <div className="flex flex-1 flex-col gap-0.5 overflow-y-auto px-2 py-2">
        {(reader ? READER_NAV : NAV).map((group, i) => (
          <Fragment key={group[0]?.to}>
            {i > 0 ? <hr className="mx-2 my-2" /> : null}
            {group.map((item) => (
              <SidebarLink key={item.to} item={item} badge={item.badge ? badges[item.badge] : undefined} />
            ))}
          </Fragment>
        ))}
      </div>
      <p className="px-4 py-3 text-2xs text-ink-3">
        Press <kbd className="rounded border border-line-strong bg-sunken px-1">?</kbd> for the keys
      </p>
    </nav>
  )
}

function SidebarLink({ item, badge }: { item: NavItem; badge: number | undefined }) {
  const Icon = item.icon
  return (
    <Link
      to={item.to as never}
      activeOptions={{ exact: item.to === '/', includeSearch: false }}
      className="group flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium text-ink-2 -outline-offset-2 hover:bg-hover hover:text-ink"
      activeProps={{ className: 'bg-accent-soft! text-accent-ink!' }}
    >
      <Icon size={16} strokeWidth={1.9} aria-hidden="true" className={cx('shrink-0', item.hue)} />
      <span className="flex-1">{item.label}</span>
      {badge ? (
        <span
          className={cx(
            'tabular min-w-5 rounded-full px-1.5 text-center text-2xs font-semibold leading-[18px]',
            item.badge === 'inbox'
              ? 'bg-waiting-soft text-waiting-ink'
              : 'bg-sunken text-ink-2 ring-1 ring-line ring-inset',
          )}
        >
          {badge}
          <span className="sr-only">{item.badge === 'inbox' ? ' waiting for you' : ' agents'}</span>
        </span>
      ) : null}
    </Link>
  )
}
