import { cx } from '../lib/cx.ts'
import { stateLook, type Tone } from '../lib/states.ts'
import { StateShape } from './state-shape.tsx'

const FILL: Record<Tone, string> = {
  waiting: 'bg-waiting-soft text-waiting-ink',
  running: 'bg-running-soft text-running-ink',
  done: 'bg-done-soft text-done-ink',
  failed: 'bg-failed-soft text-failed-ink',
  blocked: 'bg-blocked-soft text-blocked-ink',
  paused: 'bg-paused-soft text-paused-ink',
  draft: 'hatched text-draft-ink',
}

/** The solid colour of a tone as a CSS value, for drawings. */
export const toneColor = (tone: Tone) => `var(--${tone})`

/** A state as colour, word and shape. `status` is the domain's word; `word` overrides what is written. */
export function Chip({ status, tone, word, title }: { status: string; tone?: Tone; word?: string; title?: string }) {
  const look = stateLook(status)
  const shown = tone ?? look.tone
  return (
    <span
      title={title}
      data-tone={shown}
      className={cx(
        'inline-flex h-[22px] items-center gap-1.5 whitespace-nowrap rounded-full px-2 text-xs font-medium',
        FILL[shown],
      )}
    >
      <StateShape tone={shown} size={10} />
      {word ?? look.word}
    </span>
  )
}

/** A quiet label that is no state: a capability, a type, a filter. */
export function Tag({ children, mono = false, title }: { children: React.ReactNode; mono?: boolean; title?: string }) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex h-5 max-w-full items-center truncate rounded border border-line bg-sunken px-1.5 text-2xs text-ink-2',
        mono && 'font-mono',
      )}
    >
      {children}
    </span>
  )
}
