import { useDeferredValue, useMemo } from 'react'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { type Level, levelColor } from '../../../components/level-slider.tsx'
import { formatNumber, plural } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { TurnLanes } from '../../../viewers/turn-lanes.tsx'
import type { LaneEvent } from '../../../viewers/turn-lanes-layout.ts'
import { useTurnEvents, useTurns } from '../api/simulations.ts'
import { typesShown } from '../lib/hidden-types.ts'
import { laneDensity } from '../lib/lane-density.ts'
import { SIM_TYPES, type SimDetail, type SimEvent, type SimFacets, type SimType } from '../types.ts'
import { LanesFilter } from './lanes-filter.tsx'

type Props = {
  sim: SimDetail
  version: number
  window: [number, number]
  turn: number
  onTurn: (turn: number) => void
  level: Level
  facets: SimFacets | undefined
}

const GLOBAL = ' world'

const laneEvent = (event: SimEvent): LaneEvent => ({
  id: event.event_id,
  lane: event.agent_id ?? GLOBAL,
  turn: event.turn_number,
  kind: event.event_type,
  title: event.description ?? event.event_type.toLowerCase(),
})

/** A lane per agent and one for the world, with a glyph per event. */
export function LanesPanel({ sim, version, window, turn, onTurn, level, facets }: Props) {
  const [url, setUrl] = useUrlState()
  const types = typesShown(level, url.hide)
  const text = useDeferredValue(url.text)
  const events = useTurnEvents(sim.id, window[0], window[1], version, true, {
    ...(types ? { event_types: types } : {}),
    ...(url.agent ? { agent_ids: [url.agent] } : {}),
    ...(text ? { text } : {}),
  })
  const none = types?.length === 0
  // The index of turns knows no texts: with one, the first events are drawn and it is said that there are more.
  const isDense = events.data?.has_more === true && !text && !none
  const index = useTurns(sim.id, window[0], window[1], version, isDense)
  const [from, to] = window
  const blocks = useMemo(() => {
    if (!isDense || !index.data) return undefined
    const isShown = (type: SimType) => typesShown(level, url.hide)?.includes(type) ?? true
    return laneDensity(index.data, [from, to], GLOBAL, isShown, url.agent)
  }, [isDense, index.data, from, to, level, url.hide, url.agent])
  const shown = useMemo(() => (none ? [] : (events.data?.events ?? []).map(laneEvent)), [events.data, none])
  const lanes = useMemo(() => {
    const names = new Set([...(url.agent ? [url.agent] : (sim.agents ?? [])), ...shown.map((event) => event.lane)])
    names.delete(GLOBAL)
    return [{ id: GLOBAL, label: 'world' }, ...[...names].map((name) => ({ id: name, label: name }))]
  }, [sim.agents, shown, url.agent])
  return (
    <section aria-label="Events by agent" className="panel p-3">
      <LanesFilter level={level} facets={facets} />
      {events.error ? (
        <ErrorPanel error={events.error} title="The events could not be read" onRetry={() => void events.refetch()} />
      ) : null}
      {events.data?.has_more ? (
        <p className="mb-1 text-xs text-ink-2">
          {blocks
            ? `${plural(events.data.total, 'event')}: drawn as how busy the turns were. Press a block to zoom in.`
            : `Only the first 10,000 of ${formatNumber(events.data.total)} events of these turns are drawn: zoom in to see all.`}
        </p>
      ) : null}
      {events.data && shown.length === 0 ? (
        <p className="mb-1 text-xs text-ink-2">No event of these turns fits: raise the level or drop a filter.</p>
      ) : null}
      <TurnLanes
        label="Events by agent and turn"
        lanes={lanes}
        events={shown}
        range={window}
        order={SIM_TYPES}
        colorOf={levelColor}
        turn={turn}
        blocks={blocks}
        onTurn={(next) => {
          onTurn(next)
          if (blocks) setUrl({ zoom: '50' }, true)
        }}
        selected={url.event}
        onSelect={(event) => setUrl({ event })}
      />
    </section>
  )
}
