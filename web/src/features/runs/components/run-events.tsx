import { useMemo } from 'react'
import { Drawer } from '../../../components/drawer.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { eventColumns } from '../../../components/events/event-columns.tsx'
import { EventDetail } from '../../../components/events/event-detail.tsx'
import { useEvents } from '../../../components/events/events-api.ts'
import { relationClass } from '../../../components/events/relation-class.ts'
import { LEVELS, LevelSlider } from '../../../components/level-slider.tsx'
import { Table } from '../../../components/table.tsx'
import { TableToolbar } from '../../../components/table-toolbar.tsx'
import { useTableView } from '../../../components/use-table-view.ts'
import { toMs } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'

/** The events of one run, by level, text and the time chosen in the timeline. */
export function RunEvents({ runId, range }: { runId: string; range: [number, number] | undefined }) {
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const level = LEVELS.find((one) => one === url.level) ?? 'DETAIL'
  const events = useEvents({ run_id: runId, level: level === 'DETAIL' ? '' : level })
  const rows = useMemo(() => {
    const all = events.data?.pages.flatMap((page) => page.events) ?? []
    return range ? all.filter((event) => within(toMs(event.at) ?? 0, range)) : all
  }, [events.data, range])
  return (
    <div className="panel flex h-[560px] overflow-hidden">
      <div className="flex min-w-0 flex-1 flex-col">
        <TableToolbar columns={eventColumns} view={view} onView={setView} count={rows.length} noun="event">
          <LevelSlider
            value={level}
            onChange={(next) => setUrl({ level: next === 'DETAIL' ? undefined : next }, true)}
          />
          {range ? (
            <button
              type="button"
              className="rounded-full border border-accent px-2.5 py-0.5 text-xs text-accent-ink"
              onClick={() => setUrl({ range: undefined }, true)}
            >
              Chosen time only ✕
            </button>
          ) : null}
        </TableToolbar>
        {events.error ? <ErrorPanel error={events.error} onRetry={() => void events.refetch()} /> : null}
        <div className="min-h-0 flex-1">
          <Table
            label="Events of this run"
            rows={rows}
            columns={eventColumns}
            rowKey={(event) => event.id}
            view={view}
            onView={setView}
            selected={url.event}
            rowClass={(event) => relationClass(rows, url.event, event)}
            onOpen={(event) => setUrl({ event: event.id })}
            onEnd={() => events.hasNextPage && !events.isFetchingNextPage && void events.fetchNextPage()}
            empty={events.data ? <p className="p-4 text-sm text-ink-2">No event fits.</p> : null}
          />
        </div>
      </div>
      {url.event ? (
        <Drawer label="Event" title="Event" onClose={() => setUrl({ event: undefined })} width={480}>
          <EventDetail id={url.event} onOpen={(event) => setUrl({ event })} />
        </Drawer>
      ) : null}
    </div>
  )
}

const within = (at: number, [from, to]: [number, number]) => at >= from && at <= to
