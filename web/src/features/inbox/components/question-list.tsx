import { Flame, TimerReset } from 'lucide-react'
import { DomainMark } from '../../../components/domain.tsx'
import { When } from '../../../components/when.tsx'
import { cx } from '../../../lib/cx.ts'
import type { Decision } from '../api/decisions.ts'

/** The queue: due first, escalated marked, what each question holds up. */
export function QuestionList({
  queue,
  chosen,
  marked,
  onMark,
  onOpen,
}: {
  queue: Decision[]
  chosen: string | undefined
  /** Chosen for a batch. */
  marked: ReadonlySet<string>
  onMark: (id: string) => void
  onOpen: (id: string) => void
}) {
  return (
    <ul className="min-h-0 flex-1 overflow-y-auto">
      {queue.map((decision) => (
        <li key={decision.id} className="group relative border-b border-line">
          <input
            type="checkbox"
            aria-label={`Mark ${decision.title}`}
            checked={marked.has(decision.id)}
            onChange={() => onMark(decision.id)}
            className="absolute top-3.5 left-2.5 z-10 accent-[var(--accent)]"
          />
          <button
            type="button"
            aria-current={decision.id === chosen || undefined}
            onClick={() => onOpen(decision.id)}
            className={cx(
              'flex w-full flex-col gap-1 py-2.5 pr-3 pl-8 text-left -outline-offset-2 hover:bg-hover',
              decision.id === chosen && 'bg-accent-soft! shadow-[inset_2px_0_0_var(--accent)]',
            )}
          >
            <span className="flex w-full items-start gap-2">
              <span className="mt-[3px]">
                <DomainMark domain={decision.domain} />
              </span>
              <span className="min-w-0 flex-1 text-sm leading-5 font-medium">{decision.title}</span>
            </span>
            <span className="flex w-full flex-wrap items-center gap-x-3 pl-6 text-xs text-ink-2">
              {decision.escalated_at ? (
                <span className="inline-flex items-center gap-1 font-medium text-failed-ink">
                  <Flame size={12} aria-hidden="true" />
                  escalated
                </span>
              ) : null}
              {decision.deadline ? (
                <span className="inline-flex items-center gap-1 text-waiting-ink">
                  <TimerReset size={12} aria-hidden="true" />
                  due <When at={decision.deadline} />
                </span>
              ) : (
                <span>
                  asked <When at={decision.created_at} />
                </span>
              )}
              {decision.blocks ? <span className="truncate">holds up {decision.blocks}</span> : null}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
