import { Link } from '@tanstack/react-router'
import { CircleQuestionMark } from 'lucide-react'
import { useState } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { DomainMark } from '../../components/domain.tsx'
import { Drawer } from '../../components/drawer.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { EventDetail } from '../../components/events/event-detail.tsx'
import { Field, INPUT } from '../../components/field.tsx'
import { JsonView } from '../../components/json-view.tsx'
import { levelColor } from '../../components/level-slider.tsx'
import { Select } from '../../components/select.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { When } from '../../components/when.tsx'
import { cx } from '../../lib/cx.ts'
import { plural } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { Causality } from '../../viewers/causality.tsx'
import { insideWorld, storyOf, type TroupeEvent, useWhy, type Why, whyGraph } from './why.ts'

const KINDS = [
  'task',
  'assignment',
  'decision',
  'run',
  'artifact',
  'file',
  'brief',
  'workflow',
  'simulation',
  'simulation_event',
  'approval',
  'entry',
  'film_task',
  'agent',
  'event',
  'audit',
].map((value) => ({ value, label: (value.charAt(0).toUpperCase() + value.slice(1)).replace('_', ' ') }))

/** Any row, why it is so, and what came of it, across domains. */
export default function WhyPage() {
  const [url] = useUrlState()
  const why = useWhy(url.kind ?? '', url.id ?? '')
  return (
    <div className="flex h-full">
      <Crumbs trail={[{ label: 'Why?' }, ...(why.data ? [{ label: why.data.subject.title }] : [])]} title="Why?" />
      <div
        role="region"
        aria-label="Why?"
        tabIndex={0}
        className="h-full min-w-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        <div className="mx-auto flex max-w-5xl flex-col gap-5 p-4 md:p-6">
          <Asked key={`${url.kind}${url.id}`} />
          {why.error ? (
            <ErrorPanel error={why.error} title="This could not be explained" onRetry={() => void why.refetch()} />
          ) : null}
          {url.id && !why.data && !why.error ? <PageSkeleton /> : null}
          {why.data ? <Answer why={why.data} /> : null}
          {url.id ? null : (
            <Empty icon={CircleQuestionMark} title="Ask about anything">
              Every row has a “Why?”: tasks, artifacts, decisions, media files, runs, events. Or name one above.
            </Empty>
          )}
        </div>
      </div>
      <OpenEvent events={why.data?.events ?? []} />
    </div>
  )
}

function OpenEvent({ events }: { events: readonly TroupeEvent[] }) {
  const [url, setUrl] = useUrlState()
  if (!url.event) return null
  const inside = events.find((event) => event.id === url.event && insideWorld(event))
  return (
    <Drawer label="Event" title="Event" onClose={() => setUrl({ event: undefined })} width={480}>
      {inside ? <InWorld event={inside} /> : <EventDetail id={url.event} onOpen={(event) => setUrl({ event })} />}
    </Drawer>
  )
}

/** An event of a simulated world: the run keeps it, and shows it at its turn. */
function InWorld({ event }: { event: TroupeEvent }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-base font-medium">{event.summary}</p>
      <JsonView value={event.data} label="Details" />
      <Link
        to={`/simulation/${event.run_id}` as never}
        search={{ turn: String(event.data['turn']), event: event.id } as never}
        className="text-sm font-medium text-accent-ink underline underline-offset-2"
      >
        Open it in its turn
      </Link>
    </div>
  )
}

function Asked() {
  const [url, setUrl] = useUrlState()
  const [kind, setKind] = useState(url.kind ?? 'task')
  const [id, setId] = useState(url.id ?? '')
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        setUrl({ kind, id: id.trim(), event: undefined })
      }}
    >
      <Select label="Kind" value={kind} onChange={setKind} options={KINDS} />
      <Field label="Id" className="min-w-0 flex-1 basis-56">
        {(props) => (
          <input
            {...props}
            className={`${INPUT} font-mono`}
            placeholder="task_…, dec_…, artifact@version, workflow/file"
            value={id}
            onChange={(event) => setId(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" icon={CircleQuestionMark} disabled={!id.trim()}>
        Why?
      </Button>
    </form>
  )
}

function Answer({ why }: { why: Why }) {
  const [url, setUrl] = useUrlState()
  const [depth, setDepth] = useState(3)
  const story = storyOf(why)
  const center = url.at && why.events.some((event) => event.id === url.at) ? url.at : (why.anchors.at(-1) ?? '')
  if (why.events.length === 0)
    return (
      <Empty icon={CircleQuestionMark} title={why.subject.title}>
        No event tells of it: its record was deleted, or nothing has happened yet.
      </Empty>
    )
  return (
    <>
      <header className="flex flex-col gap-1">
        <h2 className="text-lg font-semibold text-balance break-words">{why.subject.title}</h2>
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
          <span>
            {plural(why.causes.length, 'cause')}, {plural(why.effects.length, 'consequence')} in{' '}
            {plural(why.domains.length, 'domain')}
          </span>
          {why.domains.map((domain) => (
            <DomainMark key={domain} domain={domain} named />
          ))}
          {why.subject.href ? (
            <Link
              to={why.subject.href.replace(/^\/app/, '').split('?')[0] as never}
              search={Object.fromEntries(new URLSearchParams(why.subject.href.split('?')[1] ?? '')) as never}
              className="font-medium text-accent-ink underline underline-offset-2"
            >
              Open the {why.subject.kind}
            </Link>
          ) : null}
        </p>
      </header>
      <div className="panel p-3">
        <Causality
          label="Causes at the left, consequences at the right"
          center={center}
          {...whyGraph(why)}
          depth={depth}
          onDepth={setDepth}
          onCenter={(at) => setUrl({ at }, true)}
          colorOf={levelColor}
          dashed="no cause was recorded; it is the step before in the same stream or conversation"
        />
      </div>
      <section aria-label="The story" className="panel">
        <h3 className="border-b border-line px-4 py-2 font-semibold">The story, in order</h3>
        <ol>
          {story.map(({ event, distance }) => (
            <li key={event.id} className="border-b border-line last:border-b-0">
              <button
                type="button"
                onClick={() => setUrl({ event: event.id })}
                className={cx(
                  'flex w-full items-center gap-3 px-4 py-2 text-left -outline-offset-2 hover:bg-hover',
                  distance === 0 && 'bg-accent-soft',
                )}
              >
                <span className="w-20 shrink-0 text-xs text-ink-2">
                  {distance === 0 ? 'this' : distance < 0 ? `cause ${-distance}` : `then ${distance}`}
                </span>
                <DomainMark domain={event.domain} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-sm">{event.summary}</span>
                  <span className="block truncate text-xs text-ink-3">
                    {event.type} · by {event.agent_id ?? event.actor}
                  </span>
                </span>
                <When at={event.at} className="text-xs text-ink-3" />
              </button>
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}
