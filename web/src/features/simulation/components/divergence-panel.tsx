import { Link } from '@tanstack/react-router'
import { Flag } from 'lucide-react'
import { LevelMark } from '../../../components/level-slider.tsx'
import { cx } from '../../../lib/cx.ts'
import type { Comparison } from '../types.ts'

/** Where two runs part: the turn, the variable, and the event of each side to open. */
export function DivergencePanel({ comparison }: { comparison: Comparison }) {
  const { divergence, compared, a, b } = comparison
  const range = `Turns ${compared.from_turn} to ${compared.to_turn}, as recorded to ${compared.level.toLowerCase()}.`
  const what = divergence ? [divergence.agent_id, divergence.variable].filter(Boolean).join('.') : ''
  return (
    <section
      aria-label="First difference"
      className={cx(
        'flex flex-col gap-3 rounded-md border p-4 text-sm',
        divergence ? 'border-waiting/50 bg-waiting-soft text-waiting-ink' : 'border-done/50 bg-done-soft text-done-ink',
      )}
    >
      <p className="flex items-center gap-2.5" role="status">
        <Flag size={16} aria-hidden="true" className="shrink-0" />
        {divergence ? (
          <span>
            They first differ at <strong>turn {divergence.turn}</strong>
            {what ? (
              <>
                , in <code className="text-xs">{what}</code>
              </>
            ) : null}
            . {range}
          </span>
        ) : (
          <span>They are the same. {range}</span>
        )}
      </p>
      {divergence?.kind === 'event' ? (
        <ul className="grid gap-2 md:grid-cols-2">
          {(
            [
              [a.run_id, divergence.a],
              [b.run_id, divergence.b],
            ] as const
          ).map(([id, event], i) => (
            <li key={i} className="rounded-md border border-line bg-surface p-2.5 text-ink">
              <p className="truncate text-xs text-ink-2">{id}</p>
              {event ? (
                <Link
                  to={`/simulation/${id}` as never}
                  search={{ turn: String(event.turn_number), event: event.event_id } as never}
                  className="mt-1 flex items-center gap-2 rounded underline-offset-2 hover:underline"
                >
                  <span className="min-w-0 flex-1 truncate">{event.description ?? event.event_type}</span>
                  <LevelMark level={event.event_type} />
                </Link>
              ) : (
                <p className="mt-1 text-ink-2">nothing of the kind</p>
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
