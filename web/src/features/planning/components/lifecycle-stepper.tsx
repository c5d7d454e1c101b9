import { Check } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { cx } from '../../../lib/cx.ts'
import { scrollSideways } from '../../../lib/scroll-sideways.ts'
import { type LifecycleState, STATES } from '../types.ts'

/** The eight states as a track: done, here, still to come. `small` draws dots only. */
export function LifecycleStepper({
  state,
  small = false,
  closed = false,
}: {
  state: LifecycleState
  small?: boolean
  closed?: boolean
}) {
  const at = STATES.indexOf(state)
  const track = useRef<HTMLOListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state is another place of the track
  useEffect(() => {
    scrollSideways(track.current?.parentElement, '[aria-current]')
  }, [state])
  if (small)
    return (
      <span className="flex items-center gap-1" role="img" aria-label={`State ${at + 1} of 8: ${state}`}>
        {STATES.map((name, i) => (
          <span
            key={name}
            title={name}
            className={cx(
              'h-1.5 rounded-full',
              i === at ? 'w-5' : 'w-2.5',
              i < at || closed ? 'bg-done' : i === at ? 'bg-running' : 'bg-line-strong',
            )}
          />
        ))}
      </span>
    )
  return (
    <ol
      ref={track}
      data-testid="lifecycle-stepper"
      aria-label="States of the event"
      className="flex min-w-max items-center"
    >
      {STATES.map((name, i) => {
        const done = i < at || closed
        return (
          <li key={name} className="flex items-center" aria-current={i === at ? 'step' : undefined}>
            {i > 0 ? (
              <span className={cx('mx-1 h-px w-4 lg:w-6', i <= at ? 'bg-done' : 'bg-line-strong')} aria-hidden="true" />
            ) : null}
            <span
              className={cx(
                'inline-flex items-center gap-1.5 rounded-full py-0.5 text-xs whitespace-nowrap',
                i === at
                  ? 'bg-running-soft px-2.5 font-semibold text-running-ink'
                  : done
                    ? 'text-done-ink'
                    : 'text-ink-3',
              )}
            >
              {done ? (
                <Check size={13} aria-hidden="true" />
              ) : (
                <span
                  className={cx('size-2 rounded-full', i === at ? 'bg-running' : 'border border-line-strong')}
                  aria-hidden="true"
                />
              )}
              {name}
              <span className="sr-only">{done ? ', done' : i === at ? ', current' : ', to come'}</span>
            </span>
          </li>
        )
      })}
    </ol>
  )
}
