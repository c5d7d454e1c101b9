import { useMemo } from 'react'
import { cx } from '../lib/cx.ts'
import { comparable, diffLines } from './diff-lines.ts'

const LOOK = { same: 'text-ink-2', old: 'bg-failed-soft text-failed-ink', new: 'bg-done-soft text-done-ink' }
const MARK = { same: ' ', old: '−', new: '+' }

/** What changed between two values, line by line. */
export function Diff({ before, after, label = 'Changes' }: { before: unknown; after: unknown; label?: string }) {
  const lines = useMemo(() => diffLines(comparable(before), comparable(after)), [before, after])
  return (
    <section
      aria-label={label}
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line bg-surface font-mono text-xs leading-5"
    >
      {lines.map((line, i) => (
        <div key={`${i.toString()}${line.kind}`} className={cx('flex min-w-max gap-3 px-2', LOOK[line.kind])}>
          <span className="tabular w-8 shrink-0 text-right text-ink-3 select-none">{line.newLine ?? line.oldLine}</span>
          <span className="w-3 shrink-0 select-none">{MARK[line.kind]}</span>
          <span className="whitespace-pre">{line.text}</span>
        </div>
      ))}
    </section>
  )
}

/** One value before and after, in a line. */
export function Change({ before, after }: { before: unknown; after: unknown }) {
  const show = (value: unknown) =>
    value === null || value === undefined ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-1.5 font-mono text-xs">
      <span className="rounded bg-failed-soft px-1 text-failed-ink line-through decoration-failed/60">
        {show(before)}
      </span>
      <span aria-label="becomes">→</span>
      <span className="rounded bg-done-soft px-1 text-done-ink">{show(after)}</span>
    </span>
  )
}
