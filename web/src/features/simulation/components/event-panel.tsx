import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Change } from '../../../components/diff.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Id } from '../../../components/id.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { type Level, LevelMark, levelColor } from '../../../components/level-slider.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { formatExact, toMs } from '../../../lib/format.ts'
import { Causality } from '../../../viewers/causality.tsx'
import { useSimCausality, useSimEvent } from '../api/simulations.ts'
import { admits } from '../lib/admits.ts'
import { causalView } from '../lib/causal-view.ts'
import type { SimDetail, SimEvent } from '../types.ts'

type Props = {
  sim: SimDetail
  eventId: string
  level: Level
  onOpen: (id: string) => void
  onTurn: (turn: number) => void
}

/** One event in full: old and new value, why it happened, what it led to, and its raw form. */
export function EventPanel({ sim, eventId, level, onOpen, onTurn }: Props) {
  const [depth, setDepth] = useState(5)
  const one = useSimEvent(sim.id, eventId)
  const chain = useSimCausality(sim.id, eventId, depth)
  if (one.error) return <ErrorPanel error={one.error} title="The event could not be read" />
  if (!one.data) return <Skeleton rows={5} />
  const event = one.data
  const isState = event.event_type === 'STATE'
  const graph =
    chain.data && chain.data.event_id === eventId ? causalView(chain.data, (type) => admits(level, type)) : undefined
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <LevelMark level={event.event_type} />
        <Button size="sm" look="quiet" onClick={() => onTurn(event.turn_number)}>
          Turn {event.turn_number}
        </Button>
        <WhyLink kind="simulation_event" id={`${sim.id}/${event.event_id}`} label="The whole story" small />
      </div>
      <p className="text-base font-medium">{event.description ?? event.event_type}</p>
      {isState ? <Change before={event.details?.old_value} after={event.details?.new_value} /> : null}
      <Facts
        facts={[
          { label: 'When', value: <span className="text-xs">{formatExact(toMs(event.timestamp) ?? 0)}</span> },
          ...(event.agent_id ? [{ label: 'Agent', value: event.agent_id }] : []),
          { label: 'Event id', value: <Id value={event.event_id} /> },
        ]}
      />
      {graph ? (
        <Causality
          label="Why, and what came of it"
          center={eventId}
          {...graph}
          depth={depth}
          onDepth={setDepth}
          onCenter={onOpen}
          missing={chain.data?.missing.length ?? 0}
          truncated={chain.data?.truncated ?? false}
          colorOf={levelColor}
        />
      ) : chain.error ? (
        <ErrorPanel
          error={chain.error}
          title="Causes and effects could not be read"
          onRetry={() => void chain.refetch()}
        />
      ) : (
        <Skeleton rows={3} height={40} />
      )}
      {chain.data && chain.data.event_id === eventId ? (
        <>
          <Linked
            title="Because of"
            none="Nothing in this stream made it happen."
            events={direct(chain.data.upstream, (id) => (event.caused_by ?? []).includes(id))}
            missing={(event.caused_by ?? []).filter((id) => chain.data?.missing.includes(id))}
            onOpen={onOpen}
          />
          <Linked
            title="Led to"
            none="Nothing followed from it."
            events={chain.data.downstream.filter((one) => one.caused_by?.includes(eventId))}
            onOpen={onOpen}
          />
        </>
      ) : null}
      {event.details ? <JsonView value={event.details} label="Details" maxHeight={260} /> : null}
      <details>
        <summary className="w-fit rounded text-xs text-ink-2">Raw event</summary>
        <div className="mt-2">
          <JsonView value={event} label="Raw event" />
        </div>
      </details>
    </div>
  )
}

const direct = (events: readonly SimEvent[], isDirect: (id: string) => boolean) =>
  events.filter(({ event_id }) => isDirect(event_id))

type LinkedProps = {
  title: string
  none: string
  events: readonly SimEvent[]
  /** Cited ids that the run does not have. */
  missing?: readonly string[]
  onOpen: (id: string) => void
}

const LISTED = 12

/** Direct causes, or direct effects, as a list to go on from. */
function Linked({ title, none, events, missing = [], onOpen }: LinkedProps) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-xs font-medium text-ink-2">{title}</h3>
      <ul className="overflow-hidden rounded-md border border-line">
        {events.slice(0, LISTED).map((event) => (
          <li key={event.event_id} className="border-b border-line last:border-b-0">
            <button
              type="button"
              onClick={() => onOpen(event.event_id)}
              className="flex w-full items-center gap-2 px-3 py-1.5 text-left text-sm -outline-offset-2 hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate">{event.description ?? event.event_type.toLowerCase()}</span>
              <span className="tabular text-2xs text-ink-3">turn {event.turn_number}</span>
              <LevelMark level={event.event_type} />
            </button>
          </li>
        ))}
        {missing.map((id) => (
          <li key={id} className="border-b border-line px-3 py-1.5 text-xs text-waiting-ink last:border-b-0">
            {id} is cited, but not in this stream
          </li>
        ))}
        {events.length > LISTED ? (
          <li className="px-3 py-1.5 text-xs text-ink-3">and {events.length - LISTED} more, in the drawing above</li>
        ) : null}
        {events.length === 0 && missing.length === 0 ? (
          <li className="px-3 py-1.5 text-xs text-ink-3">{none}</li>
        ) : null}
      </ul>
    </section>
  )
}
