import type * as M from '../../../../../src/movies/schema.ts'
import { cx } from '../../../lib/cx.ts'
import { timecode } from '../../../viewers/filmstrip-layout.ts'
import type { Shot } from '../lib/shots.ts'

/** The cut in time: its segments, and in them the shots; pressing a shot chooses it. */
export function CutTimeline({
  edit,
  shots,
  selected,
  onSelect,
}: {
  edit: M.Edit
  shots: Shot[]
  selected: string
  onSelect: (id: string) => void
}) {
  const total = Math.max(edit.duration_seconds, ...edit.edit_timeline.map((one) => one.end_time), 0.1)
  return (
    <div role="region" aria-label="Timeline of the cut" tabIndex={0} className="overflow-x-auto">
      <div className="relative h-14 min-w-[560px] overflow-hidden rounded-md border border-line bg-sunken">
        {edit.edit_timeline.map((entry) => (
          <span
            key={entry.segment_id}
            title={`${entry.segment_id}, then ${entry.transition_out.replace('_', ' ')}`}
            className="absolute top-0 h-4 truncate border-r border-line-strong px-1 font-mono text-2xs text-ink-3"
            style={{
              left: `${(entry.start_time / total) * 100}%`,
              width: `${((entry.end_time - entry.start_time) / total) * 100}%`,
            }}
          >
            {entry.segment_id.replace('SEGMENT_', '')}
          </span>
        ))}
        {shots.map((shot) =>
          shot.from === undefined || shot.seconds === undefined ? null : (
            <button
              key={shot.id}
              type="button"
              aria-pressed={shot.id === selected}
              aria-label={`${shot.id} at ${timecode(shot.from)}`}
              onClick={() => onSelect(shot.id)}
              className={cx(
                'absolute top-4 bottom-1 overflow-hidden rounded-sm border bg-cover bg-center',
                shot.id === selected
                  ? 'z-10 border-accent ring-2 ring-accent'
                  : 'border-surface hover:border-line-strong',
              )}
              style={{
                left: `${(shot.from / total) * 100}%`,
                width: `calc(${(shot.seconds / total) * 100}% - 2px)`,
                background: shot.image ? undefined : 'var(--draft-soft)',
                backgroundImage: shot.image ? `url(${JSON.stringify(shot.image)})` : 'var(--draft-hatch)',
              }}
            />
          ),
        )}
      </div>
      <p className="mt-1 flex min-w-[560px] justify-between font-mono text-2xs text-ink-3">
        <span>0:00</span>
        <span>{timecode(total)}</span>
      </p>
    </div>
  )
}
