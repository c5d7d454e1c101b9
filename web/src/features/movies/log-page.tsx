import { ScrollText } from 'lucide-react'
import { useMemo } from 'react'
import type * as M from '../../../../src/movies/schema.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Drawer } from '../../components/drawer.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { eventColumns } from '../../components/events/event-columns.tsx'
import { EventDetail } from '../../components/events/event-detail.tsx'
import { useEvents } from '../../components/events/events-api.ts'
import { LEVELS, LevelSlider } from '../../components/level-slider.tsx'
import { Select } from '../../components/select.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { Table } from '../../components/table.tsx'
import type { Column } from '../../components/table-rows.ts'
import { SearchBox } from '../../components/table-toolbar.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { useTableView } from '../../components/use-table-view.ts'
import { When } from '../../components/when.tsx'
import { plural } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useAudit } from './api/projects.ts'
import { TextFilter, TimeFilter, timeOf } from './components/log-filters.tsx'
import { Sections } from './components/sections.tsx'
import { inWords } from './lib/readable.ts'
import { words } from './lib/states.ts'

/** What happened in the movie domain, and who changed what. */
export default function LogPage() {
  const [url, setUrl] = useUrlState()
  return (
    <div className="flex h-full">
      <Crumbs trail={[{ label: 'Movies', to: '/movies' }, { label: 'Log' }]} />
      <div className="mx-auto flex min-w-0 max-w-[1240px] flex-1 flex-col gap-2 p-4 md:p-6">
        <Sections />
        <Tabs
          label="Kind of log"
          fill
          value={url.tab ?? 'events'}
          onChange={(tab) => setUrl({ tab, id: undefined })}
          items={[
            { id: 'events', label: 'What happened', content: <EventLog /> },
            { id: 'audit', label: 'Who changed what', content: <AuditLog /> },
          ]}
        />
      </div>
      {url.id ? (
        <Drawer label="Event" title="Event" onClose={() => setUrl({ id: undefined })} width={520}>
          <EventDetail id={url.id} onOpen={(id) => setUrl({ id })} />
        </Drawer>
      ) : null}
    </div>
  )
}

function EventLog() {
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const level = LEVELS.find((one) => one === url.level) ?? 'DETAIL'
  const set = (patch: Record<string, string | undefined>) => setUrl(patch, true)
  const events = useEvents({
    domain: 'movies',
    stream: url.workflow ? `movies.workflow:${url.workflow}` : '',
    agent_id: url.agent ?? '',
    level: level === 'DETAIL' ? '' : level,
    q: url.text ?? '',
    ...(timeOf(url.from) ? { from: timeOf(url.from)! } : {}),
    ...(timeOf(url.to) ? { to: timeOf(url.to)! } : {}),
  })
  const rows = useMemo(() => events.data?.pages.flatMap((page) => page.events) ?? [], [events.data])
  return (
    <div className="panel flex min-h-0 flex-1 flex-col overflow-hidden">
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-2">
        <SearchBox value={url.text ?? ''} onChange={(text) => set({ text })} label="Text in the summary" />
        <TextFilter label="Workflow id" value={url.workflow} onChange={(workflow) => set({ workflow })} />
        <TextFilter label="Agent" value={url.agent} onChange={(agent) => set({ agent })} />
        <TimeFilter label="From" value={url.from} onChange={(from) => set({ from })} />
        <TimeFilter label="Until" value={url.to} onChange={(to) => set({ to })} />
        <LevelSlider value={level} onChange={(next) => set({ level: next === 'DETAIL' ? undefined : next })} />
        <span className="tabular ml-auto text-xs text-ink-3" role="status">
          {plural(rows.length, 'event', undefined, events.hasNextPage)}
        </span>
      </div>
      {events.error ? (
        <ErrorPanel error={events.error} title="The events could not be read" onRetry={() => void events.refetch()} />
      ) : !events.data ? (
        <Skeleton rows={8} />
      ) : null}
      <div className="min-h-72 flex-1">
        <Table
          label="Movie events"
          rows={rows}
          columns={eventColumns.filter((column) => column.id !== 'domain')}
          rowKey={(event) => event.id}
          view={view}
          onView={setView}
          selected={url.id}
          onOpen={(event) => setUrl({ id: event.id })}
          onEnd={() => events.hasNextPage && !events.isFetchingNextPage && void events.fetchNextPage()}
          empty={events.data ? <Empty icon={ScrollText} title="No event fits these filters" /> : null}
        />
      </div>
    </div>
  )
}

const PAGE = 50
const ENTITIES = ['workflow', 'decision', 'agent', 'project', 'request', 'settings', 'film']
const COLUMNS: Column<M.AuditEntry>[] = [
  { id: 'at', header: 'When', width: 110, cell: (e) => <When at={e.at} />, phone: 'side' },
  { id: 'actor', header: 'Who', width: 140, cell: (e) => e.actor, phone: 'sub' },
  {
    id: 'action',
    header: 'What',
    width: 190,
    cell: (e) => <span className="font-medium">{words(e.action.replace('.', ' '))}</span>,
    phone: 'title',
  },
  {
    id: 'entity',
    header: 'On what',
    width: 200,
    grow: 1,
    cell: (e) => (
      <span title={e.entity_id}>
        {words(e.entity_type)} <span className="font-mono text-xs text-ink-2">{e.entity_id}</span>
      </span>
    ),
    phone: 'sub',
  },
  { id: 'after', header: 'Change', width: 220, grow: 2, cell: (e) => <Change entry={e} /> },
  { id: 'from', header: 'From address', width: 120, cell: (e) => e.source_address ?? '–', optional: true },
]

/** Only what differs, in words. */
function Change({ entry }: { entry: M.AuditEntry }) {
  const before = (entry.before ?? {}) as Record<string, unknown>
  const after = (entry.after ?? {}) as Record<string, unknown>
  const text = inWords(
    Object.fromEntries(
      Object.entries(after).filter(([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value)),
    ),
  )
  return (
    <span className="block truncate text-xs text-ink-2" title={text}>
      {text || '–'}
    </span>
  )
}

function AuditLog() {
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const offset = Number(url.offset ?? 0) || 0
  const set = (patch: Record<string, string | undefined>) => setUrl({ offset: undefined, ...patch }, true)
  const given = {
    entity_type: url.entity ?? '',
    entity_id: url.about ?? '',
    actor: url.actor ?? '',
    from: timeOf(url.from) ?? '',
    to: timeOf(url.to) ?? '',
  }
  const audit = useAudit({ limit: PAGE, offset, ...given })
  return (
    <div className="panel flex min-h-0 flex-1 flex-col overflow-hidden">
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-2">
        <Select
          label="On what"
          value={url.entity ?? ''}
          onChange={(entity) => set({ entity })}
          options={[{ value: '', label: 'Everything' }, ...ENTITIES.map((value) => ({ value, label: words(value) }))]}
        />
        <TextFilter label="Id" value={url.about} onChange={(about) => set({ about })} />
        <TextFilter label="Who" value={url.actor} onChange={(actor) => set({ actor })} />
        <TimeFilter label="From" value={url.from} onChange={(from) => set({ from })} />
        <TimeFilter label="Until" value={url.to} onChange={(to) => set({ to })} />
        <span className="ml-auto flex items-center gap-2">
          <span className="tabular text-xs text-ink-3" role="status">
            {plural(audit.data?.total_count ?? 0, 'entry', 'entries')}
          </span>
          <Button
            size="sm"
            disabled={offset === 0}
            onClick={() => setUrl({ offset: offset > PAGE ? String(offset - PAGE) : '' })}
          >
            Newer
          </Button>
          <Button size="sm" disabled={!audit.data?.has_more} onClick={() => setUrl({ offset: String(offset + PAGE) })}>
            Older
          </Button>
        </span>
      </div>
      {audit.error ? (
        <ErrorPanel error={audit.error} title="The audit log could not be read" onRetry={() => void audit.refetch()} />
      ) : !audit.data ? (
        <Skeleton rows={8} />
      ) : null}
      <div className="min-h-72 flex-1">
        <Table
          label="Audit log"
          rows={audit.data?.entries ?? []}
          columns={COLUMNS}
          rowKey={(entry) => entry.id}
          view={view}
          onView={setView}
          empty={audit.data ? <Empty icon={ScrollText} title="No entry fits these filters" /> : null}
        />
      </div>
    </div>
  )
}
