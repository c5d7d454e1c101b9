import { ImageOff } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { Chip } from '../components/chip.tsx'
import { cx } from '../lib/cx.ts'
import { type Frame, frameTimes, timecode } from './filmstrip-layout.ts'

type FilmstripProps = { label: string; frames: Frame[]; selected?: string | undefined; onSelect: (id: string) => void }

/** Frames in a row; arrows move, the chosen one is kept in view. */
export function Filmstrip({ label, frames, selected, onSelect }: FilmstripProps) {
  const timed = useMemo(() => frameTimes(frames), [frames])
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = list.current
    const chosen = selected ? box?.querySelector<HTMLElement>(`[data-frame="${CSS.escape(selected)}"]`) : undefined
    if (chosen && box) box.scrollTo({ left: chosen.offsetLeft - box.clientWidth / 2 + chosen.clientWidth / 2 })
  }, [selected])
  const move = (by: number) => {
    const i = timed.findIndex((frame) => frame.id === selected)
    const next = timed[Math.max(0, Math.min(timed.length - 1, i + by))]
    if (next) onSelect(next.id)
  }
  return (
    <div
      ref={list}
      role="listbox"
      aria-label={label}
      aria-orientation="horizontal"
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1, Home: -1e9, End: 1e9 }[event.key]
        if (by) {
          event.preventDefault()
          move(by)
        }
      }}
      className="relative flex gap-2 overflow-x-auto p-1 pb-2"
    >
      {timed.map((frame, i) => (
        <button
          key={frame.id}
          type="button"
          role="option"
          data-frame={frame.id}
          tabIndex={-1}
          aria-selected={frame.id === selected}
          onClick={() => onSelect(frame.id)}
          className={cx(
            'w-44 shrink-0 overflow-hidden rounded-md border bg-surface text-left',
            frame.id === selected ? 'border-accent ring-2 ring-accent' : 'border-line hover:border-line-strong',
          )}
        >
          <span className="relative grid aspect-video place-items-center bg-sunken text-ink-3">
            {frame.image ? (
              <img src={frame.image} alt="" className="size-full object-cover" loading="lazy" />
            ) : (
              <ImageOff size={20} aria-hidden="true" />
            )}
            <span className="tabular absolute bottom-1 left-1 rounded bg-black/70 px-1 font-mono text-2xs text-white">
              {i + 1} · {timecode(frame.from)}
            </span>
          </span>
          <span className="block px-2 py-1.5">
            <span className="block truncate text-xs font-medium">{frame.title}</span>
            <span className="mt-1 flex items-center justify-between gap-1">
              <Chip status={frame.status} />
              <span className="tabular text-2xs text-ink-3">{(frame.to - frame.from).toFixed(1)} s</span>
            </span>
          </span>
        </button>
      ))}
    </div>
  )
}
