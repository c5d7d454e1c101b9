import { Link } from '@tanstack/react-router'
import { CalendarRange, ClipboardCheck, Plus, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { INPUT } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { toast, toastError } from '../../components/toast.tsx'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useApprovals } from './api/approvals.ts'
import { useEventBriefs } from './api/briefs.ts'
import { EventBriefCard } from './components/brief-card.tsx'
import { NewEventDialog } from './components/new-event-dialog.tsx'
import { EVENT_TYPES, STATES } from './types.ts'

const PAGE = 24
const options = (all: string, values: readonly string[]) => [
  { value: '', label: all },
  ...values.map((value) => ({ value, label: value })),
]

/** The events in planning as cards; every filter is in the address. */
export default function PlanningPage() {
  const [url, setUrl] = useUrlState()
  const offset = Number(url.offset ?? 0) || 0
  const filter = {
    limit: PAGE,
    offset,
    ...(url.state ? { lifecycle_state: url.state } : {}),
    ...(url.type ? { event_type: url.type } : {}),
    ...(url.q ? { q: url.q } : {}),
  }
  const { list, remove } = useEventBriefs(filter)
  const { pending } = useApprovals()
  const waiting = pending.data ?? []
  const filtered = Boolean(url.state || url.type || url.q)
  const openNew = () => setUrl({ new: '1' })
  useHotkeys([{ keys: 'n', does: 'New event', run: openNew }])
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Planning' }]} />
      <div className="mx-auto flex max-w-[1240px] flex-col gap-4 p-4 md:p-6">
        <div className="flex flex-wrap items-center gap-2">
          <TextFilter value={url.q ?? ''} onChange={(q) => setUrl({ q, offset: undefined }, true)} />
          <Select
            label="State"
            value={url.state ?? ''}
            onChange={(state) => setUrl({ state, offset: undefined })}
            options={options('Every state', STATES)}
          />
          <Select
            label="Kind"
            value={url.type ?? ''}
            onChange={(type) => setUrl({ type, offset: undefined })}
            options={options('Every kind', EVENT_TYPES)}
          />
          <div className="ml-auto flex gap-2">
            <Link
              to={'/planning/approvals' as never}
              className="inline-flex h-8 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 text-sm font-medium hover:bg-hover"
            >
              <ClipboardCheck size={15} aria-hidden="true" />
              Approvals
              {waiting.length > 0 ? (
                <span className="tabular rounded-full bg-waiting-soft px-1.5 text-2xs font-semibold text-waiting-ink">
                  {waiting.length}
                </span>
              ) : null}
            </Link>
            <Button look="primary" icon={Plus} onClick={openNew}>
              New event
            </Button>
          </div>
        </div>
        {list.error ? (
          <ErrorPanel error={list.error} title="The events could not be read" onRetry={() => void list.refetch()} />
        ) : !list.data ? (
          <CardSkeletons />
        ) : list.data.data.length === 0 ? (
          filtered ? (
            <Empty
              icon={Search}
              title="No event fits these filters"
              action={
                <Button onClick={() => setUrl({ q: '', state: '', type: '', offset: '' })}>Clear the filters</Button>
              }
            />
          ) : (
            <Empty
              icon={CalendarRange}
              title="No events yet"
              action={
                <Button look="primary" icon={Plus} onClick={openNew}>
                  New event
                </Button>
              }
            >
              From a meetup to an 800-person conference: a team of agents plans it, you decide what costs money.
            </Empty>
          )
        ) : (
          <>
            <ul data-testid="event-list" className="grid grid-cols-1 gap-4 sm:grid-cols-2 xl:grid-cols-3">
              {list.data.data.map((brief) => (
                <EventBriefCard
                  key={brief.id}
                  brief={brief}
                  waiting={waiting.filter((one) => one.event_brief_id === brief.id).length}
                  onDelete={() =>
                    remove.mutate(brief.id, {
                      onSuccess: () => toast({ tone: 'done', title: `${brief.title} deleted` }),
                      onError: (error) => toastError('The event was not deleted', error),
                    })
                  }
                />
              ))}
            </ul>
            <Paging
              offset={offset}
              total={list.data.total}
              onOffset={(next) => setUrl({ offset: next ? String(next) : '' })}
            />
          </>
        )}
      </div>
      <NewEventDialog open={url.new === '1'} onClose={() => setUrl({ new: '' }, true)} />
    </div>
  )
}

/** A search field that waits until typing pauses. */
function TextFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), 300)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      type="search"
      aria-label="Search events"
      placeholder="Search title and objectives"
      className={`${INPUT} max-w-64`}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  )
}

function Paging({ offset, total, onOffset }: { offset: number; total: number; onOffset: (offset: number) => void }) {
  if (total <= PAGE && offset === 0) return null
  return (
    <nav aria-label="Pages" className="flex items-center justify-center gap-3 text-sm text-ink-2">
      <Button size="sm" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - PAGE))}>
        Previous
      </Button>
      <span className="tabular">
        {offset + 1}–{Math.min(total, offset + PAGE)} of {total}
      </span>
      <Button size="sm" disabled={offset + PAGE >= total} onClick={() => onOffset(offset + PAGE)}>
        Next
      </Button>
    </nav>
  )
}

function CardSkeletons() {
  return (
    <output aria-label="Loading events" className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      {[1, 2, 3].map((n) => (
        <span key={n} className="shimmer panel block h-52" />
      ))}
    </output>
  )
}
