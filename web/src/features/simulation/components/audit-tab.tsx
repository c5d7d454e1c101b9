import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Drawer } from '../../../components/drawer.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { LevelMark } from '../../../components/level-slider.tsx'
import { Select } from '../../../components/select.tsx'
import { Table } from '../../../components/table.tsx'
import type { Column, TableView } from '../../../components/table-rows.ts'
import { SearchBox } from '../../../components/table-toolbar.tsx'
import { formatClock, formatExact, formatNumber, plural, toMs } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { useAudit, useFacets } from '../api/simulations.ts'
import { SIM_TYPES, type SimDetail, type SimEvent } from '../types.ts'
import { EventPanel } from './event-panel.tsx'

const PAGE = 1000

const columns: Column<SimEvent>[] = [
  { id: 'turn', header: 'Turn', width: 60, align: 'end', cell: (e) => e.turn_number, phone: 'sub' },
  {
    id: 'time',
    header: 'Time',
    width: 128,
    cell: (e) => (
      <span className="tabular font-mono text-xs text-ink-2" title={formatExact(toMs(e.timestamp) ?? 0)}>
        {localMicros(e.timestamp)}
      </span>
    ),
  },
  { id: 'type', header: 'Type', width: 100, cell: (e) => <LevelMark level={e.event_type} />, phone: 'side' },
  {
    id: 'agent',
    header: 'Agent',
    width: 110,
    cell: (e) => <span className="font-medium">{e.agent_id ?? <span className="text-ink-3">world</span>}</span>,
    phone: 'sub',
  },
  { id: 'what', header: 'What happened', width: 260, grow: 3, cell: (e) => e.description ?? '–', phone: 'title' },
  { id: 'causes', header: 'Causes', width: 70, align: 'end', cell: (e) => e.caused_by?.length ?? 0 },
  {
    id: 'id',
    header: 'Event id',
    width: 230,
    optional: true,
    cell: (e) => <span className="font-mono text-2xs">{e.event_id}</span>,
  },
]

/** Every event as a list with filters in the address; counts stand next to each value. */
export default function AuditTab({ sim }: { sim: SimDetail }) {
  const [url, setUrl] = useUrlState()
  const [view, setView] = useState<TableView>({})
  const version = sim.status === 'running' ? sim.event_count : 0
  const facets = useFacets(sim.id, version)
  const text = useDeferredValue(url.text ?? '')
  const page = Number(url.page ?? 0) || 0
  const filter = {
    event_types: url.type ? [url.type] : [],
    agent_ids: url.agent ? [url.agent] : [],
    text,
    turn_start: url.from ?? '',
    turn_end: url.to ?? '',
    start_timestamp: momentOf(url.since),
    end_timestamp: momentOf(url.until),
  }
  const audit = useAudit(sim.id, filter, page * PAGE, PAGE, version)
  const total = audit.data?.total ?? 0
  const set = (patch: Record<string, string | undefined>) => setUrl({ ...patch, page: undefined }, true)
  const counted = (value: string, count: number | undefined) => ({
    value,
    label: `${value} (${formatNumber(count ?? 0)})`,
  })
  const warnings = Object.entries(audit.data?.warnings ?? {}).filter(([, count]) => count > 0)
  return (
    <div className="flex min-h-0 flex-1 bg-surface">
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          <SearchBox
            value={url.text ?? ''}
            onChange={(value) => set({ text: value })}
            label="Text in the description"
          />
          <Select
            label="Type"
            value={url.type ?? ''}
            onChange={(type) => set({ type })}
            options={[
              { value: '', label: 'Any type' },
              ...SIM_TYPES.map((type) => counted(type, facets.data?.event_types[type])),
            ]}
          />
          <Select
            label="Agent"
            value={url.agent ?? ''}
            onChange={(agent) => set({ agent })}
            options={[
              { value: '', label: 'Any agent' },
              ...Object.entries(facets.data?.agents ?? {}).map(([name, count]) => counted(name, count)),
            ]}
          />
          <TurnField label="From turn" value={url.from ?? ''} onChange={(from) => set({ from })} />
          <TurnField label="to" value={url.to ?? ''} onChange={(to) => set({ to })} />
          <details open={Boolean(url.since || url.until) || undefined}>
            <summary className="cursor-pointer rounded text-xs text-ink-2">Time range</summary>
            <div className="mt-2 flex flex-wrap gap-2">
              <TimeField label="From" value={url.since ?? ''} onChange={(since) => set({ since })} />
              <TimeField label="until" value={url.until ?? ''} onChange={(until) => set({ until })} />
            </div>
          </details>
          <span className="tabular ml-auto text-xs text-ink-3" role="status">
            {plural(total, 'event')}
          </span>
        </div>
        {warnings.length > 0 ? (
          <p className="border-b border-line bg-waiting-soft px-3 py-1 text-xs text-waiting-ink">
            {warnings.map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`).join(' · ')}
          </p>
        ) : null}
        {audit.error ? (
          <div className="p-3">
            <ErrorPanel error={audit.error} title="The events could not be read" onRetry={() => void audit.refetch()} />
          </div>
        ) : null}
        <div className="min-h-0 flex-1">
          <Table
            label="Events"
            rows={audit.data?.events ?? []}
            columns={columns}
            rowKey={(event) => event.event_id}
            view={view}
            onView={setView}
            selected={url.event}
            onOpen={(event) => setUrl({ event: event.event_id })}
            empty={audit.data ? <p className="p-4 text-sm text-ink-2">No event fits. Drop a filter.</p> : null}
          />
        </div>
        {total > PAGE ? (
          <footer className="flex items-center gap-2 border-t border-line px-3 py-1.5 text-xs text-ink-2">
            <span className="tabular">
              {formatNumber(page * PAGE + 1)}–{formatNumber(Math.min(total, (page + 1) * PAGE))} of{' '}
              {formatNumber(total)}
            </span>
            <Button
              size="sm"
              look="quiet"
              icon={ChevronLeft}
              aria-label="Earlier"
              className="ml-auto"
              disabled={page === 0}
              onClick={() => setUrl({ page: page > 1 ? String(page - 1) : undefined })}
            />
            <Button
              size="sm"
              look="quiet"
              icon={ChevronRight}
              aria-label="Later"
              disabled={(page + 1) * PAGE >= total}
              onClick={() => setUrl({ page: String(page + 1) })}
            />
          </footer>
        ) : null}
      </div>
      {url.event ? (
        <Drawer label="Event" title="Event" onClose={() => setUrl({ event: undefined })} width={480}>
          <EventPanel
            sim={sim}
            eventId={url.event}
            level="DETAIL"
            onOpen={(event) => setUrl({ event })}
            onTurn={(turn) => setUrl({ tab: undefined, turn: String(turn) })}
          />
        </Drawer>
      ) : null}
    </div>
  )
}

function TurnField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="inline-flex items-center gap-1.5 text-xs text-ink-3">
      {label}
      <input
        type="number"
        min={0}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-20 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink"
      />
    </label>
  )
}

/** Time of day in the reader's zone, to the microsecond. */
const localMicros = (timestamp: string): string =>
  `${formatClock(toMs(timestamp) ?? 0)}${/\.\d{1,6}/.exec(timestamp)?.[0] ?? ''}`

/** Local time of the field as UTC for the question; nothing while it is empty or half typed. */
function momentOf(local: string | undefined): string {
  const at = local ? new Date(local) : undefined
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : ''
}

function TimeField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="inline-flex items-center gap-1.5 text-xs text-ink-3">
      {label}
      <input
        type="datetime-local"
        step="0.001"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-52 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink"
      />
    </label>
  )
}
