import { Pause, Play, SkipBack, SkipForward } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../components/button.tsx'
import { useHotkeys } from '../lib/hotkeys.ts'
import { playStep, SPEEDS, startFrom, stepMs } from './player-rules.ts'

type PlayerProps = {
  label: string
  min: number
  max: number
  position: number
  onPosition: (position: number) => void
  /** Positions a second at speed 1. */
  perSecond?: number
  /** What a position is called ("Turn 12"). */
  word?: (position: number) => string
}

/** Play, pause, step, speed and a scrubber over positions such as turns or frames. Space plays, arrows step. */
export function Player({ label, min, max, position, onPosition, perSecond = 2, word = String }: PlayerProps) {
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const latest = useRef({ position, onPosition })
  latest.current = { position, onPosition }
  useEffect(() => {
    if (!playing) return
    const timer = setInterval(
      () => {
        const next = playStep(latest.current.position, max)
        latest.current.onPosition(next.position)
        if (!next.playing) setPlaying(false)
      },
      stepMs(perSecond, speed),
    )
    return () => clearInterval(timer)
  }, [playing, speed, perSecond, max])
  const toggle = () => {
    if (!playing) onPosition(startFrom(position, min, max))
    setPlaying(!playing)
  }
  const step = (by: number) => {
    setPlaying(false)
    onPosition(Math.max(min, Math.min(max, position + by)))
  }
  useHotkeys([
    { keys: 'space', does: 'Play or pause', run: toggle },
    { keys: 'arrowleft', does: 'Step back', run: () => step(-1) },
    { keys: 'arrowright', does: 'Step forward', run: () => step(1) },
  ])
  return (
    <section aria-label={label} className="flex flex-wrap items-center gap-2">
      <Button icon={SkipBack} aria-label="Step back" onClick={() => step(-1)} disabled={position <= min} />
      <Button
        look="primary"
        icon={playing ? Pause : Play}
        aria-label={playing ? 'Pause' : 'Play'}
        onClick={toggle}
        disabled={max <= min}
      />
      <Button icon={SkipForward} aria-label="Step forward" onClick={() => step(1)} disabled={position >= max} />
      <input
        type="range"
        aria-label={label}
        aria-valuetext={word(position)}
        min={min}
        max={max}
        value={position}
        onChange={(event) => {
          setPlaying(false)
          onPosition(Number(event.target.value))
        }}
        className="h-8 min-w-24 flex-1 accent-[var(--accent)]"
      />
      <output className="tabular min-w-20 text-right font-mono text-xs text-ink-2">
        {word(position)} / {max}
      </output>
      <select
        aria-label="Speed"
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value))}
        className="h-8 rounded-md border border-line-strong bg-surface px-1.5 text-sm text-ink-2"
      >
        {SPEEDS.map((one) => (
          <option key={one} value={one}>
            {one}×
          </option>
        ))}
      </select>
    </section>
  )
}
