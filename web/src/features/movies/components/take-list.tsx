import type { ShotRow } from '../../../../../src/movies/shots/schema.ts'
import { Chip } from '../../../components/chip.tsx'
import { RemotePicture } from '../../../components/remote-picture.tsx'
import { When } from '../../../components/when.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { cx } from '../../../lib/cx.ts'

/** The takes of a shot side by side, each with its score and what was said about it; choosing one shows it large. */
export function TakeList({
  row,
  shown,
  onShow,
}: {
  row: ShotRow
  shown: number | undefined
  onShow: (take: number) => void
}) {
  return (
    <div>
      <h3 className="mb-1 text-xs font-medium text-ink-3">Takes</h3>
      <ol className="flex flex-wrap gap-2">
        {row.takes.map((take) => (
          <li key={take.take} className="w-36">
            <button
              type="button"
              aria-pressed={take.take === shown}
              aria-label={`Show take ${take.take}`}
              onClick={() => onShow(take.take)}
              className={cx(
                'block w-full overflow-hidden rounded-md border',
                take.take === shown ? 'border-accent ring-2 ring-accent' : 'border-line hover:border-line-strong',
              )}
            >
              <RemotePicture src={take.image_url} alt="" className="aspect-video w-full object-cover" />
            </button>
            <p className="mt-1 flex flex-wrap items-center justify-between gap-1 text-xs">
              <span className="tabular whitespace-nowrap">
                {take.take}. {take.score === null ? 'no score' : `${Math.round(take.score)} of 100`}
              </span>
              {take.verdict ? (
                <Chip status={take.verdict} />
              ) : take.current ? (
                <span className="text-2xs text-ink-3">in the film</span>
              ) : null}
            </p>
            <p className="flex items-center justify-between gap-1 text-2xs text-ink-3">
              <When at={take.created_at} />
              {take.task_id ? <WhyLink kind="film_task" id={take.task_id} small about={`take ${take.take}`} /> : null}
            </p>
            {take.note ? <p className="text-xs text-ink-2">“{take.note}”</p> : null}
          </li>
        ))}
      </ol>
    </div>
  )
}
