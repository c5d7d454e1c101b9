import type { ReactNode } from 'react'
import { Chip } from './chip.tsx'
import { ProgressBar, type ProgressPart } from './progress-bar.tsx'

export type RunFact = { label: string; value: ReactNode }

type RunHeaderProps = {
  title: string
  status: string
  parts: ProgressPart[]
  total: number
  progressLabel: string
  facts: RunFact[]
  actions?: ReactNode
}

/** The head of every piece of work: what it is, its state, how far, since when, at what cost, and what can be done with it. */
export function RunHeader({ title, status, parts, total, progressLabel, facts, actions }: RunHeaderProps) {
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-72 items-start gap-2.5">
          <h2 className="min-w-0 text-lg leading-6 font-semibold text-balance break-words line-clamp-3" title={title}>
            {title}
          </h2>
          <span className="shrink-0" role="status">
            <Chip status={status} />
          </span>
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
      <div className="flex items-center gap-3">
        <ProgressBar label={progressLabel} parts={parts} total={total} height={8} />
        <span className="tabular shrink-0 text-sm font-medium text-ink-2">{progressLabel}</span>
      </div>
      <Facts facts={facts} />
    </header>
  )
}

/** Small facts in a row, each with its name. */
export function Facts({ facts }: { facts: RunFact[] }) {
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
      {facts.map((fact) => (
        <div key={fact.label} className="max-w-full min-w-0">
          <dt className="text-2xs text-ink-3">{fact.label}</dt>
          <dd className="truncate">{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
