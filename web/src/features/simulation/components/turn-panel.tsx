import { useMemo } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Change } from '../../../components/diff.tsx'
import { LevelMark } from '../../../components/level-slider.tsx'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { useTurnEvents } from '../api/simulations.ts'
import { interactionsOf } from '../lib/interactions.ts'
import { worldOf } from '../lib/world.ts'
import type { SimEvent, StateReply } from '../types.ts'
import { MapPanel } from './map-panel.tsx'
import { StateTable } from './state-table.tsx'

type Props = { state: StateReply | undefined; error: unknown; simId: string; turn: number; version: number }

/** One turn: the map, the state at its end, and what happened in it. */
export function TurnPanel({ state, error, simId, turn, version }: Props) {
  const [url, setUrl] = useUrlState()
  const events = useTurnEvents(simId, turn, turn, version, false)
  const list = events.data?.events ?? []
  const world = useMemo(() => worldOf(state?.state.spatial_state), [state])
  const changed = useMemo(
    () =>
      new Set(
        list
          .filter((event) => event.event_type === 'STATE')
          .map((event) => `${event.agent_id ?? ''}.${event.details?.variable_name}`),
      ),
    [list],
  )
  const arcs = useMemo(() => interactionsOf(list), [list])
  const steps = list.filter((event) => !['DETAIL', 'STATE'].includes(event.event_type))
  const changes = list.filter((event) => event.event_type === 'STATE')
  return (
    <aside aria-label={`Turn ${turn}`} className="flex min-w-0 flex-col gap-4">
      {world && state ? <MapPanel world={world} agents={state.state.agents} arcs={arcs} turn={turn} /> : null}
      <section className="panel overflow-hidden">
        <h3 className="border-b border-line px-3 py-2 text-xs font-medium text-ink-2">State after turn {turn}</h3>
        {state ? (
          <StateTable reply={state} changed={changed} selected={url.agent} />
        ) : error ? (
          <p className="p-3 text-sm text-ink-2">{asApiError(error).message}</p>
        ) : null}
      </section>
      <section className="panel overflow-hidden">
        <h3 className="border-b border-line px-3 py-2 text-xs font-medium text-ink-2">What happened in turn {turn}</h3>
        <ul className="max-h-80 overflow-y-auto">
          {[...steps, ...changes].slice(0, 200).map((event) => (
            <li key={event.event_id} className="border-b border-line last:border-b-0">
              <button
                type="button"
                aria-current={event.event_id === url.event || undefined}
                onClick={() => setUrl({ event: event.event_id })}
                className="flex w-full flex-col gap-0.5 px-3 py-1.5 text-left text-sm -outline-offset-2 hover:bg-hover aria-[current=true]:bg-accent-soft"
              >
                <span className="flex w-full items-center gap-2">
                  <span className="min-w-0 flex-1 truncate">
                    {event.event_type === 'STATE' ? variable(event) : (event.description ?? event.event_type)}
                  </span>
                  <LevelMark level={event.event_type} />
                </span>
                {event.event_type === 'STATE' ? (
                  <Change before={event.details?.old_value} after={event.details?.new_value} />
                ) : null}
              </button>
            </li>
          ))}
          {events.data && list.length === 0 ? <li className="p-3 text-sm text-ink-2">Nothing was recorded.</li> : null}
        </ul>
      </section>
    </aside>
  )
}

const variable = (event: SimEvent) =>
  `${event.agent_id ? `${event.agent_id}.` : ''}${String(event.details?.variable_name ?? 'variable')}`
