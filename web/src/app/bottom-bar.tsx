import { Link } from '@tanstack/react-router'
import { House, Inbox, Menu, Plus, Workflow, X } from 'lucide-react'
import { useState } from 'react'
import { useServerKind } from '../api/server-kind.ts'
import { cx } from '../lib/cx.ts'
import { NAV, NEW_ITEMS } from './nav.ts'
import { useBadges } from './use-badges.ts'

const LINK =
  'relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-2xs font-medium text-ink-2 -outline-offset-4'
const ACTIVE = { className: 'text-accent-ink!' }

/** A phone's navigation: Home, Inbox, New, Runs, More. New and More open a page of their own. */
export function BottomBar() {
  const [sheet, setSheet] = useState<'new' | 'more' | undefined>()
  const reader = useServerKind() === 'reader'
  const badges = useBadges(!reader)
  const close = () => setSheet(undefined)
  const toggle = (next: 'new' | 'more') => setSheet((now) => (now === next ? undefined : next))
  if (reader) return null
  return (
    <>
      {sheet ? <Sheet kind={sheet} onClose={close} /> : null}
      <nav aria-label="Sections" className="fixed inset-x-0 bottom-0 z-40 flex border-t border-line bg-surface">
        <Link
          to="/"
          onClick={close}
          className={LINK}
          activeProps={ACTIVE}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          <House size={19} aria-hidden="true" />
          Home
        </Link>
        <Link to={'/inbox' as never} onClick={close} className={LINK} activeProps={ACTIVE}>
          <Inbox size={19} aria-hidden="true" />
          Inbox
          {badges.inbox ? (
            <span className="tabular absolute top-1.5 left-1/2 ml-1.5 rounded-full bg-waiting-soft px-1.5 text-2xs font-semibold text-waiting-ink">
              {badges.inbox}
            </span>
          ) : null}
        </Link>
        <button type="button" onClick={() => toggle('new')} aria-expanded={sheet === 'new'} className={LINK}>
          <span className="grid size-8 place-items-center rounded-full bg-accent text-on-accent">
            <Plus size={18} aria-hidden="true" />
          </span>
          <span className="sr-only">New</span>
        </button>
        <Link to={'/runs' as never} onClick={close} className={LINK} activeProps={ACTIVE}>
          <Workflow size={19} aria-hidden="true" />
          Runs
        </Link>
        <button type="button" onClick={() => toggle('more')} aria-expanded={sheet === 'more'} className={LINK}>
          {sheet === 'more' ? <X size={19} aria-hidden="true" /> : <Menu size={19} aria-hidden="true" />}
          More
        </button>
      </nav>
    </>
  )
}

function Sheet({ kind, onClose }: { kind: 'new' | 'more'; onClose: () => void }) {
  const items =
    kind === 'new'
      ? NEW_ITEMS.map((item) => ({ ...item, search: item.search as Record<string, string> }))
      : NAV.flat().map((item) => ({ ...item, hint: '', search: {} as Record<string, string> }))
  return (
    <section
      aria-label={kind === 'new' ? 'New' : 'All sections'}
      className="fade-in fixed inset-0 z-30 overflow-y-auto bg-canvas p-4 pb-20"
    >
      <h2 className="mb-3 text-lg font-semibold">{kind === 'new' ? 'What shall be done?' : 'All sections'}</h2>
      <ul className="flex flex-col gap-2">
        {items.map(({ to, search, label, hint, icon: Icon, hue }) => (
          <li key={label}>
            <Link
              to={to as never}
              search={search as never}
              onClick={onClose}
              className="panel flex min-h-12 items-center gap-3 px-4 py-2"
            >
              <Icon size={20} aria-hidden="true" className={cx('shrink-0', hue ?? 'text-ink-2')} />
              <span>
                <span className="block font-medium">{label}</span>
                {hint ? <span className="block text-xs text-ink-2">{hint}</span> : null}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
