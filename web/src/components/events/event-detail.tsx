import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { formatExact, toMs } from '../../lib/format.ts'
import { Causality } from '../../viewers/causality.tsx'
import { Tag } from '../chip.tsx'
import { DomainMark } from '../domain.tsx'
import { ErrorPanel } from '../error-panel.tsx'
import { Id } from '../id.tsx'
import { JsonView } from '../json-view.tsx'
import { LevelMark, levelColor } from '../level-slider.tsx'
import { Facts } from '../run-header.tsx'
import { Skeleton } from '../skeleton.tsx'
import { WhyLink } from '../why-link.tsx'
import { causalGraph } from './causal-graph.ts'
import { useCausality, useEvent } from './events-api.ts'

/** One event in full, with why it happened and what it led to. `onOpen` re-centres on another event. */
export function EventDetail({ id, onOpen }: { id: string; onOpen: (id: string) => void }) {
  const [depth, setDepth] = useState(3)
  const navigate = useNavigate()
  const one = useEvent(id)
  const chain = useCausality(id, depth)
  if (one.error)
    return <ErrorPanel error={one.error} title="The event could not be read" onRetry={() => void one.refetch()} />
  if (!one.data) return <Skeleton rows={5} />
  const event = one.data
  const graph = causalGraph(event, chain.data?.causes ?? [], chain.data?.effects ?? [])
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <DomainMark domain={event.domain} named />
        <LevelMark level={event.level} />
        <Tag mono>{event.type}</Tag>
        <WhyLink kind="event" id={event.id} label="The whole story" small />
      </div>
      <p className="text-base font-medium">{event.summary}</p>
      <Facts
        facts={[
          { label: 'When', value: <span className="text-xs">{formatExact(toMs(event.at) ?? 0)}</span> },
          { label: 'Actor', value: event.actor },
          ...(event.agent_id ? [{ label: 'Agent', value: event.agent_id }] : []),
          {
            label: 'Stream',
            value: (
              <span className="font-mono text-xs">
                {event.stream} #{event.seq}
              </span>
            ),
          },
          { label: 'Event id', value: <Id value={event.id} /> },
          { label: 'Correlation', value: <Id value={event.correlation_id} short /> },
        ]}
      />
      {event.run_id ? (
        <button
          type="button"
          className="self-start rounded text-sm font-medium text-accent-ink underline underline-offset-2"
          onClick={() => void navigate({ to: `/runs/${event.run_id}` } as never)}
        >
          Open its run
        </button>
      ) : null}
      <Causality
        label="Why, and what came of it"
        center={event.id}
        {...graph}
        depth={depth}
        onDepth={setDepth}
        onCenter={onOpen}
        colorOf={levelColor}
      />
      {chain.error ? (
        <ErrorPanel
          error={chain.error}
          title="Causes and effects could not be read"
          onRetry={() => void chain.refetch()}
        />
      ) : null}
      {Object.keys(event.data).length > 0 ? <JsonView value={event.data} label="Data" /> : null}
    </div>
  )
}
