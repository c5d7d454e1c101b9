import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { asApiError } from '../api/api-error.ts'
import type { Tone } from '../lib/states.ts'
import { StateShape } from './state-shape.tsx'

export type ToastInput = { tone: Tone; title: string; detail?: string; action?: { label: string; run: () => void } }
type Shown = ToastInput & { id: number }

let shown: Shown[] = []
let nextId = 1
const listeners = new Set<() => void>()
const publish = (next: Shown[]) => {
  shown = next
  for (const listener of listeners) listener()
}
const dismiss = (id: number) => publish(shown.filter((one) => one.id !== id))

/** Says that something happened. Failures stay until dismissed, everything else leaves after six seconds. */
export function toast(input: ToastInput): void {
  const one = { ...input, id: nextId++ }
  publish([...shown.slice(-3), one])
  if (input.tone !== 'failed') setTimeout(() => dismiss(one.id), 6000)
}

/** Shows why an action was refused. */
export function toastError(title: string, error: unknown): void {
  const problem = asApiError(error)
  toast({ tone: 'failed', title, detail: `${problem.message} (${problem.code})` })
}

/** Where the toasts appear; once per page. */
export function Toasts() {
  const list = useSyncExternalStore(
    (notify) => {
      listeners.add(notify)
      return () => listeners.delete(notify)
    },
    () => shown,
  )
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      className="fixed right-4 bottom-20 z-50 flex w-[min(360px,calc(100vw-32px))] flex-col gap-2 md:bottom-4"
    >
      {list.map((one) => (
        <div
          key={one.id}
          className="fade-in flex items-start gap-2.5 rounded-md border border-line-strong bg-raised p-3 text-sm shadow-pop"
        >
          <span className="mt-1" style={{ color: `var(--${one.tone}-ink)` }}>
            <StateShape tone={one.tone} />
          </span>
          <div className="min-w-0 flex-1">
            <p className="font-medium">{one.title}</p>
            {one.detail ? <p className="mt-0.5 text-ink-2 break-words">{one.detail}</p> : null}
            {one.action ? (
              <button
                type="button"
                className="mt-1 font-medium text-accent-ink underline-offset-2 hover:underline"
                onClick={one.action.run}
              >
                {one.action.label}
              </button>
            ) : null}
          </div>
          <button
            type="button"
            aria-label="Dismiss"
            onClick={() => dismiss(one.id)}
            className="rounded p-0.5 text-ink-3 hover:bg-hover hover:text-ink"
          >
            <X size={15} aria-hidden="true" />
          </button>
        </div>
      ))}
    </section>
  )
}
