import { useLiveState } from '../api/live-provider.tsx'
import { useServerKind } from '../api/server-kind.ts'
import { Tag } from '../components/chip.tsx'
import { cx } from '../lib/cx.ts'

const LOOK = {
  live: { word: 'live', title: 'Connected: what you see is now', dot: 'bg-done pulse-dot', text: 'text-done-ink' },
  connecting: { word: 'connecting', title: 'Connecting to the live stream', dot: 'bg-waiting', text: 'text-ink-2' },
  offline: {
    word: 'offline',
    title: 'The connection is lost. It is tried again by itself and catches up without a gap.',
    dot: 'bg-failed',
    text: 'text-failed-ink',
  },
}

/** Whether the page follows the server. */
export function LiveBadge() {
  const state = useLiveState()
  const kind = useServerKind()
  const look = LOOK[state]
  if (kind === 'reader') return <Tag>read-only</Tag>
  return (
    <span
      role="status"
      title={look.title}
      className={cx('inline-flex h-8 items-center gap-1.5 px-1.5 text-xs font-medium', look.text)}
    >
      <span className={cx('size-2 rounded-full', look.dot)} aria-hidden="true" />
      <span className="max-md:sr-only">{look.word}</span>
    </span>
  )
}
