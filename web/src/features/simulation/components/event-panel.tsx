import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Change } from '../../../components/diff.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Id } from '../../../components/id.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { type Level, LevelMark, levelColor } from '../../../components/level-slider.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { formatExact, toMs } from '../../../lib/format.ts'
import { Causality } from '../../../viewers/causality.tsx'
import { useSimCausality, useSimEvent } from '../api/simulations.ts'
import { admits } from '../lib/admits.ts'
import { causalView } from '../lib/causal-view.ts'
import type { SimDetail } from '../types.ts'

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
