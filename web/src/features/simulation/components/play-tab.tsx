import { Drawer } from '../../../components/drawer.tsx'
import { LEVELS } from '../../../components/level-slider.tsx'
import { usePhone } from '../../../lib/use-media.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { Player } from '../../../viewers/player.tsx'
import { useFacets, useTurnState } from '../api/simulations.ts'
import { turnWindow } from '../lib/turn-window.ts'
import type { SimDetail } from '../types.ts'
import { EventPanel } from './event-panel.tsx'
import { LanesPanel } from './lanes-panel.tsx'
import { TurnPanel } from './turn-panel.tsx'
import { VariablesChart } from './variables-chart.tsx'

/** The run played back: turns, variables, lanes of agents, the map, and why things happened. */
export function PlayTab({ sim, onScrub }: { sim: SimDetail; onScrub: () => void }) {
  const phone = usePhone()
  const [url, setUrl] = useUrlState()
  const version = sim.status === 'running' ? sim.event_count : 0
  const facets = useFacets(sim.id, version)
  const turns = facets.data?.turns ?? { min: 0, max: sim.last_turn ?? 0 }
  const turn = Math.max(turns.min, Math.min(turns.max, Number(url.turn ?? turns.max) || turns.min))
  const window = turnWindow(turn, turns, url.zoom)
  const level = LEVELS.find((one) => one === url.level) ?? 'ACTION'
  const state = useTurnState(sim.id, turn)
  const go = (next: number) => {
    onScrub()
    setUrl({ turn: String(next) }, true)
  }
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="border-b border-line bg-surface px-4 py-2">
          <Player
            label="Turn"
            min={turns.min}
            max={turns.max}
            position={turn}
            onPosition={go}
            word={(n) => `turn ${n}`}
          />
        </div>
        <div
          role="region"
          aria-label="Playback"
          tabIndex={0}
          className="@container min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2"
        >
          <div className="grid content-start gap-4 @4xl:grid-cols-[minmax(0,1fr)_340px]">
            <div className="flex min-w-0 flex-col gap-4">
              <VariablesChart sim={sim} version={version} window={window} turn={turn} onTurn={go} />
              <LanesPanel
                sim={sim}
                version={version}
                window={window}
                turn={turn}
                onTurn={go}
                level={level}
                facets={facets.data}
              />
            </div>
            <TurnPanel state={state.data} error={state.error} simId={sim.id} turn={turn} version={version} />
          </div>
        </div>
      </div>
      {url.event ? (
        <Drawer label="Event" title="Event" onClose={() => setUrl({ event: undefined })} width={phone ? 0 : 480}>
          <EventPanel sim={sim} eventId={url.event} level={level} onOpen={(event) => setUrl({ event })} onTurn={go} />
        </Drawer>
      ) : null}
    </div>
  )
}
