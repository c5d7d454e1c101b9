import { useMemo, useRef } from 'react'
import { Select } from '../../../components/select.tsx'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { MapGrid } from '../../../viewers/map-grid.tsx'
import type { MapToken } from '../../../viewers/map-layout.ts'
import { colourVariables, tokenColours, type World } from '../lib/world.ts'
import type { AgentState } from '../types.ts'

type Props = {
  world: World
  agents: Record<string, AgentState>
  arcs: { from: string; to: string; label: string }[]
  turn: number
}

/** The map after a turn: who is where, who dealt with whom, coloured by agent or by one of their variables. */
export function MapPanel({ world, agents, arcs, turn }: Props) {
  const [url, setUrl] = useUrlState()
  const variables = useMemo(() => colourVariables(agents), [agents])
  const chosen = url.colour && variables.includes(url.colour) ? url.colour : undefined
  // A word keeps its colour from turn to turn, also while nobody has it.
  const seen = useRef(new Map<string, Set<string>>())
  const colours = useMemo(() => {
    if (!chosen) return undefined
    const words = seen.current.get(chosen) ?? new Set<string>()
    seen.current.set(chosen, words)
    const present = Object.values(agents).flatMap((agent) =>
      typeof agent[chosen] === 'number' ? [] : String(agent[chosen]),
    )
    for (const word of present.sort()) words.add(word)
    return tokenColours(agents, chosen, [...words])
  }, [agents, chosen])
  return (
    <section aria-label="Map" className="panel p-3">
      <div className="mb-2 flex items-center gap-2">
        <h3 className="flex-1 text-xs font-medium text-ink-2">Map after turn {turn}</h3>
        {variables.length > 0 ? (
          <Select
            label="Colour by"
            value={chosen ?? ''}
            onChange={(name) => setUrl({ colour: name || undefined }, true)}
            options={[
              { value: '', label: 'Colour: agent' },
              ...variables.map((name) => ({ value: name, label: `Colour: ${name}` })),
            ]}
          />
        ) : null}
      </div>
      <MapGrid
        label={`Map after turn ${turn}`}
        places={world.places}
        links={world.links}
        tokens={world.tokens}
        arcs={arcs}
        shape={world.shape}
        selected={url.agent}
        onSelect={(agent) => setUrl({ agent: agent === url.agent ? undefined : agent }, true)}
        {...(colours ? { colorOf: (token: MapToken) => colours.of(token.id) ?? 'var(--ink-3)' } : {})}
      />
      {colours ? (
        <ul aria-label="Colours" className="mt-2 flex flex-wrap gap-x-3 gap-y-1 text-xs text-ink-2">
          {colours.legend.map(({ label, color }) => (
            <li key={label} className="inline-flex items-center gap-1.5">
              <span className="size-2.5 rounded-full border border-line" style={{ background: color }} /> {label}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
