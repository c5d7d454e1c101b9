import { ArrowUp, Bookmark, Radio, X } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useLiveEvents } from '../../api/live-provider.tsx'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { DOMAIN_OPTIONS } from '../../components/domain.tsx'
import { Drawer } from '../../components/drawer.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { eventColumns } from '../../components/events/event-columns.tsx'
import { EventDetail } from '../../components/events/event-detail.tsx'
import { type EventFilter, useEvents } from '../../components/events/events-api.ts'
import { relationClass } from '../../components/events/relation-class.ts'
import { LEVELS, type Level, LevelSlider } from '../../components/level-slider.tsx'
import { Select } from '../../components/select.tsx'
import { Table } from '../../components/table.tsx'
import { SearchBox } from '../../components/table-toolbar.tsx'
import { useTableView } from '../../components/use-table-view.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { readFilters, type SavedFilter, saveFilters } from './lib/saved-filters.ts'

/** The one stream of everything that happened, with its causes. */
export default function EventsPage() {
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const [fresh, setFresh] = useState(0)
  const text = useDeferredValue(url.text ?? '')
  const level = LEVELS.find((one) => one === url.level) ?? 'DETAIL'
  const filter = useMemo<EventFilter>(
    () => ({
      domain: url.domain ?? '',
      type: url.type ?? '',
      agent_id: url.agent ?? '',
      run_id: url.run ?? '',
      level: level === 'DETAIL' ? '' : level,
      q: text,
    }),
    [url.domain, url.type, url.agent, url.run, level, text],
  )
  const events = useEvents(filter)
  const rows = useMemo(() => events.data?.pages.flatMap((page) => page.events) ?? [], [events.data])
  const still = useRef(true)
  useLiveEvents((batch) => setFresh((count) => count + batch.length))
  const set = (patch: Record<string, string | undefined>) => setUrl(patch, true)
  const refresh = () => {
    setFresh(0)
    void events.refetch()
  }
  // New events come in by themselves only while nothing could move under the pointer or away from what is read.
  useEffect(() => {
    if (fresh === 0 || !still.current || url.id) return
    const timer = setTimeout(refresh, 800)
    return () => clearTimeout(timer)
  })
  return (
    <div className="flex h-full">
      <Crumbs trail={[{ label: 'Events' }]} />
      <div className="flex min-w-0 flex-1 flex-col bg-surface">
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          <SearchBox value={url.text ?? ''} onChange={(value) => set({ text: value })} label="Text in the summary" />
          <Select
            label="Domain"
            value={url.domain ?? ''}
            onChange={(domain) => set({ domain })}
            options={DOMAIN_OPTIONS}
          />
          <TextFilter label="Type" placeholder="Type" value={url.type ?? ''} onChange={(type) => set({ type })} />
          <TextFilter label="Agent" placeholder="Agent" value={url.agent ?? ''} onChange={(agent) => set({ agent })} />
          <LevelSlider value={level} onChange={(next: Level) => set({ level: next === 'DETAIL' ? undefined : next })} />
          <SavedFilters
            search={url}
            onUse={(search) =>
              setUrl({
                text: undefined,
                domain: undefined,
                type: undefined,
                agent: undefined,
                level: undefined,
                run: undefined,
                ...search,
              })
            }
          />
          {fresh > 0 ? (
            <Button size="sm" look="quiet" icon={ArrowUp} onClick={refresh} className="text-accent-ink!">
              {formatNumber(fresh)} new
            </Button>
          ) : null}
          <span className="tabular ml-auto text-xs text-ink-3" role="status">
            {plural(rows.length, 'event', undefined, events.hasNextPage)}
          </span>
        </div>
        {url.run ? (
          <p className="flex items-center gap-2 border-b border-line bg-sunken px-3 py-1 text-xs text-ink-2">
            Only run <span className="font-mono">{url.run}</span>
            <button
              type="button"
              aria-label="All runs"
              onClick={() => set({ run: undefined })}
              className="rounded p-0.5 hover:bg-hover"
            >
              <X size={13} aria-hidden="true" />
            </button>
          </p>
        ) : null}
        {events.error ? (
          <div className="p-3">
            <ErrorPanel error={events.error} title="The events could not be read" onRetry={refresh} />
          </div>
        ) : null}
        <div
          className="min-h-0 flex-1"
          onPointerEnter={() => {
            still.current = false
          }}
          onPointerLeave={(event) => {
            still.current = event.currentTarget.querySelector('[role="grid"]')?.scrollTop === 0
          }}
        >
          <Table
            label="Events"
            rows={rows}
            columns={eventColumns}
            rowKey={(event) => event.id}
            view={view}
            onView={setView}
            selected={url.id}
            rowClass={(event) => relationClass(rows, url.id, event)}
            onOpen={(event) => setUrl({ id: event.id })}
            onEnd={() => events.hasNextPage && !events.isFetchingNextPage && void events.fetchNextPage()}
            empty={
              events.data ? (
                <Empty icon={Radio} title="No event fits">
                  Drop a filter, or start something: everything that happens is recorded here.
                </Empty>
              ) : null
            }
          />
        </div>
      </div>
      {url.id ? (
        <Drawer label="Event" title="Event" onClose={() => setUrl({ id: undefined })} width={560}>
          <EventDetail id={url.id} onOpen={(id) => setUrl({ id })} />
        </Drawer>
      ) : null}
    </div>
  )
}

function TextFilter({
  label,
  placeholder,
  value,
  onChange,
}: {
  label: string
  placeholder: string
  value: string
  onChange: (value: string) => void
}) {
  return (
    <input
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="h-8 w-32 rounded-md border border-line-strong bg-surface px-2 font-mono text-xs"
    />
  )
}

function SavedFilters({
  search,
  onUse,
}: {
  search: Record<string, string>
  onUse: (search: Record<string, string>) => void
}) {
  const [saved, setSaved] = useState(readFilters)
  const { id: _id, sort: _sort, cols: _cols, ...current } = search
  const keep = (next: SavedFilter[]) => {
    saveFilters(next)
    setSaved(next)
  }
  const name = Object.values(current).join(' · ')
  return (
    <>
      {saved.map((one) => (
        <span key={one.name} className="inline-flex h-7 items-center rounded-full border border-line-strong text-xs">
          <button
            type="button"
            onClick={() => onUse(one.search)}
            className="h-full rounded-full pr-1 pl-2.5 text-ink-2 hover:text-accent-ink"
          >
            {one.name}
          </button>
          <button
            type="button"
            aria-label={`Forget filter ${one.name}`}
            onClick={() => keep(saved.filter((other) => other !== one))}
            className="rounded-full p-1 text-ink-3 hover:text-ink"
          >
            <X size={11} aria-hidden="true" />
          </button>
        </span>
      ))}
      {name && !saved.some((one) => one.name === name) ? (
        <Button size="sm" look="quiet" icon={Bookmark} onClick={() => keep([...saved, { name, search: current }])}>
          Save filter
        </Button>
      ) : null}
    </>
  )
}
