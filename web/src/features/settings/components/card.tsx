import type { ReactNode } from 'react'

/** A titled group of settings. */
export function Card({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel p-4">
      <h2 className="font-semibold">{title}</h2>
      {hint ? <p className="mt-0.5 max-w-prose text-sm text-ink-2">{hint}</p> : null}
      <div className="mt-3">{children}</div>
    </section>
  )
}

/** A command to type on the server's machine. */
export function Command({ children }: { children: string }) {
  return <code className="block w-fit max-w-full overflow-x-auto rounded bg-sunken px-2 py-1 text-xs">{children}</code>
}
