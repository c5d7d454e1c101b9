import type { ReactNode } from 'react'

/** A titled panel of the overview. */
export function Section({ title, aside, children }: { title: ReactNode; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel overflow-hidden">
      <header className="flex items-center justify-between gap-3 border-b border-line px-4 py-2.5">
        <h2 className="flex items-center gap-2 font-semibold">{title}</h2>
        {aside ? <span className="text-xs text-ink-3">{aside}</span> : null}
      </header>
      {children}
    </section>
  )
}
