import { ChevronLeft, ChevronRight, ScrollText } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Empty } from '../../../components/empty.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Select } from '../../../components/select.tsx'
import { Switch } from '../../../components/switch.tsx'
import { SearchBox } from '../../../components/table-toolbar.tsx'
import { formatNumber } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { useAgents } from '../api/agents.ts'
import { useLogs } from '../api/logs.ts'
import { LogsTable } from './logs-table.tsx'

const PAGE = 100
const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR']

/** A local date-time field's value as an ISO time. */
const iso = (local: string | undefined) => (local ? new Date(local).toISOString() : '')

/** The log of all agents with filters in the address, newest first. */
export default function LogsTab() {
  const [url, setUrl] = useUrlState()
  const [auto, setAuto] = useState(false)
  const agents = useAgents(true)
  const page = Number(url.page ?? 0) || 0
  const q = useDeferredValue(url.q ?? '')
  const filter = {
    agent_id: url.agent ?? '',
    task_id: url.task ?? '',
    log_level: url.level ? url.level.split('.') : [],
    from: iso(url.from),
    to: iso(url.to),
    q,
    limit: PAGE,
    offset: page * PAGE,
  }
  const logs = useLogs(filter, auto)
  const total = logs.data?.total_count ?? 0
  const set = (patch: Record<string, string | undefined>) => setUrl({ ...patch, page: undefined }, true)
  const toggleLevel = (level: string) => {
    const now = url.level ? url.level.split('.') : []
    set({ level: (now.includes(level) ? now.filter((one) => one !== level) : [...now, level]).join('.') })
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col p-4 md:p-5">
      <div className="panel flex min-h-0 flex-1 flex-col overflow-hidden">
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          <SearchBox value={url.q ?? ''} onChange={(text) => set({ q: text })} label="Text in the message" />
          <Select
            label="Agent"
            value={url.agent ?? ''}
            onChange={(agent) => set({ agent })}
            options={[
              { value: '', label: 'Any agent' },
              ...['orchestrator', ...(agents.data?.agents ?? []).map((one) => one.agent_id)].map((value) => ({
                value,
                label: value,
              })),
            ]}
          />
          <fieldset className="flex overflow-hidden rounded-md border border-line-strong">
            <legend className="sr-only">Level</legend>
            {LEVELS.map((level) => {
              const on = (url.level ?? '').split('.').includes(level)
              return (
                <button
                  key={level}
                  type="button"
                  aria-pressed={on}
                  onClick={() => toggleLevel(level)}
                  className={`h-[30px] border-r border-line-strong px-2 text-xs -outline-offset-2 last:border-r-0 ${on ? 'bg-accent-soft font-semibold text-accent-ink' : 'text-ink-2 hover:bg-hover'}`}
                >
                  {level}
                </button>
              )
            })}
          </fieldset>
          <input
            aria-label="Task id"
            placeholder="Task id"
            value={url.task ?? ''}
            onChange={(event) => set({ task: event.target.value })}
            className="h-8 w-40 rounded-md border border-line-strong bg-surface px-2 font-mono text-xs"
          />
          <TimeField label="From" value={url.from ?? ''} onChange={(from) => set({ from })} />
          <TimeField label="To" value={url.to ?? ''} onChange={(to) => set({ to })} />
          <span className="ml-auto">
            <Switch label="Auto-refresh" checked={auto} onChange={setAuto} />
          </span>
        </div>
        {logs.error ? (
          <div className="p-3">
            <ErrorPanel error={logs.error} title="The log could not be read" onRetry={() => void logs.refetch()} />
          </div>
        ) : null}
        <div className="min-h-0 flex-1">
          <LogsTable
            logs={logs.data?.logs ?? []}
            onTask={(task) => set({ task })}
            empty={
              logs.data ? (
                <Empty icon={ScrollText} title="No log line fits">
                  Widen the time range or drop a filter.
                </Empty>
              ) : null
            }
          />
        </div>
        <footer className="flex items-center gap-2 border-t border-line px-3 py-1.5 text-xs text-ink-2">
          <span className="tabular" role="status">
            {total === 0
              ? 'none'
              : `${formatNumber(page * PAGE + 1)}–${formatNumber(Math.min(total, (page + 1) * PAGE))} of ${formatNumber(total)}`}
          </span>
          <Button
            size="sm"
            look="quiet"
            icon={ChevronLeft}
            aria-label="Newer"
            disabled={page === 0}
            className="ml-auto"
            onClick={() => setUrl({ page: page > 1 ? String(page - 1) : undefined })}
          />
          <Button
            size="sm"
            look="quiet"
            icon={ChevronRight}
            aria-label="Older"
            disabled={(page + 1) * PAGE >= total}
            onClick={() => setUrl({ page: String(page + 1) })}
          />
        </footer>
      </div>
    </div>
  )
}

function TimeField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="inline-flex items-center gap-1.5 text-xs text-ink-3">
      {label}
      <input
        type="datetime-local"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink-2"
      />
    </label>
  )
}
