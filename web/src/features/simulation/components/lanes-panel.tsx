import { useMemo } from 'react'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { type Level, LevelSlider, levelColor } from '../../../components/level-slider.tsx'
import { Select } from '../../../components/select.tsx'
import { formatNumber } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { GLYPHS, TurnLanes } from '../../../viewers/turn-lanes.tsx'
import type { LaneEvent } from '../../../viewers/turn-lanes-layout.ts'
import { useTurnEvents } from '../api/simulations.ts'
import { admits } from '../lib/admits.ts'
import { ZOOMS } from '../lib/turn-window.ts'
import { SIM_TYPES, type SimDetail, type SimEvent, type SimType } from '../types.ts'

type Props = {
  sim: SimDetail
  version: number
  window: [number, number]
  turn: number
  onTurn: (turn: number) => void
  level: Level
  total: Record<SimType, number> | undefined
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
export function LanesPanel({ sim, version, window, turn, onTurn, level, total }: Props) {
  const [url, setUrl] = useUrlState()
  const events = useTurnEvents(sim.id, window[0], window[1], version, true)
  const shown = useMemo(
    () => (events.data?.events ?? []).filter((event) => admits(level, event.event_type)).map(laneEvent),
    [events.data, level],
  )
  const lanes = useMemo(() => {
    const names = new Set([...(sim.agents ?? []), ...shown.map((event) => event.lane)])
    names.delete(GLOBAL)
    return [{ id: GLOBAL, label: 'world' }, ...[...names].map((name) => ({ id: name, label: name }))]
  }, [sim.agents, shown])
  return (
    <section aria-label="Events by agent" className="panel p-3">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <LevelSlider value={level} onChange={(next) => setUrl({ level: next }, true)} />
        <Select
          label="Zoom"
          value={url.zoom ?? ''}
          onChange={(zoom) => setUrl({ zoom }, true)}
          options={[
            { value: '', label: 'Fitting zoom' },
            ...ZOOMS.map((zoom) => ({ value: zoom, label: zoom === 'all' ? 'All turns' : `${zoom} turns` })),
          ]}
        />
        <ul className="ml-auto flex flex-wrap gap-x-3 gap-y-1 text-2xs text-ink-2">
          {SIM_TYPES.filter((type) => admits(level, type) && (total?.[type] ?? 1) > 0).map((type) => (
            <li key={type} className="inline-flex items-center gap-1">
              <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                <path d={GLYPHS[type]} fill={levelColor(type)} />
              </svg>
              {type.toLowerCase()}
              {total ? <span className="tabular text-ink-3">{formatNumber(total[type] ?? 0)}</span> : null}
            </li>
          ))}
        </ul>
      </div>
      {events.error ? (
        <ErrorPanel error={events.error} title="The events could not be read" onRetry={() => void events.refetch()} />
      ) : null}
      {events.data?.has_more ? (
        <p className="mb-1 text-xs text-waiting-ink">
          Only the first 10,000 of {formatNumber(events.data.total)} events of these turns are drawn: zoom in to see
          all.
        </p>
      ) : null}
      <TurnLanes
        label="Events by agent and turn"
        lanes={lanes}
        events={shown}
        range={window}
        order={SIM_TYPES}
        colorOf={levelColor}
        turn={turn}
        onTurn={onTurn}
        selected={url.event}
        onSelect={(event) => setUrl({ event })}
      />
    </section>
  )
}
