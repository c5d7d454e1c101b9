import { useState } from 'react'
import { Tag } from '../../../components/chip.tsx'
import { readStored, writeStored } from '../../../lib/storage.ts'
import { useArtifact } from '../api/artifacts.ts'
import type { EventBrief, Runbook } from '../types.ts'
import { Loaded, NotYet, Part } from './loaded.tsx'

/** The run-book as it stands: what to tick off, whom to call, what vendors owe. Ticks are kept in this browser. */
export function RunbookPart({ brief }: { brief: EventBrief }) {
  const runbook = useArtifact(brief.id, 'runbook')
  return (
    <Part title="Run-book" note={runbook.data ? `version ${runbook.data.version}` : undefined}>
      <Loaded
        query={runbook}
        what="The run-book"
        empty={<NotYet>The run-book is written when the event moves to Execute.</NotYet>}
      >
        {(data) => (
          <div className="flex flex-col gap-4">
            <Checklist id={brief.id} runbook={data} />
            <Contacts runbook={data} />
          </div>
        )}
      </Loaded>
    </Part>
  )
}

function Checklist({ id, runbook }: { id: string; runbook: Runbook }) {
  const key = `runbook:${id}`
  const [ticked, setTicked] = useState<readonly string[]>(() => {
    try {
      return JSON.parse(readStored(key) || '[]') as string[]
    } catch {
      return []
    }
  })
  const tick = (item: string, on: boolean) => {
    const next = on ? [...ticked, item] : ticked.filter((one) => one !== item)
    setTicked(next)
    writeStored(key, JSON.stringify(next))
  }
  const done = runbook.checklist.filter((item) => ticked.includes(item)).length
  return (
    <section aria-label="Checklist">
      <h3 className="mb-1 text-xs font-medium text-ink-3">
        Checklist, {done} of {runbook.checklist.length}
      </h3>
      <ul className="max-h-72 overflow-y-auto" tabIndex={0} aria-label="Checklist of the day">
        {runbook.checklist.map((item) => (
          <li key={item}>
            <label className="flex min-h-7 items-start gap-2 py-0.5 text-sm">
              <input
                type="checkbox"
                className="mt-1 accent-[var(--accent)]"
                checked={ticked.includes(item)}
                onChange={(event) => tick(item, event.target.checked)}
              />
              <span className={ticked.includes(item) ? 'text-ink-3 line-through' : ''}>
                {item.replace(/^\d{4}-\d\d-\d\dT(\d\d:\d\d)\S*/, '$1 UTC')}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Contacts({ runbook }: { runbook: Runbook }) {
  return (
    <section aria-label="People and vendors">
      <h3 className="mb-1 text-xs font-medium text-ink-3">People and vendors</h3>
      <ul className="flex flex-col text-sm">
        {runbook.roles_and_contacts.map((one) => (
          <li key={`${one.name}${one.role}`} className="flex flex-wrap gap-x-2 border-b border-line py-1">
            <span className="font-medium">{one.name}</span>
            <span className="text-ink-2">{one.role}</span>
            {one.email ? (
              <a className="ml-auto text-xs text-accent-ink hover:underline" href={`mailto:${one.email}`}>
                {one.email}
              </a>
            ) : null}
          </li>
        ))}
        {runbook.vendors.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-2 border-b border-line py-1">
            <span className="font-medium">{one.contact}</span>
            <Tag>{one.service_type}</Tag>
            <span className="w-full text-xs text-ink-3">
              {(one.sla ?? []).map(({ metric, target }) => `${metric} ${target}`).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
