import { type Level, LevelSlider, levelColor } from '../../../components/level-slider.tsx'
import { Select } from '../../../components/select.tsx'
import { SearchBox } from '../../../components/table-toolbar.tsx'
import { cx } from '../../../lib/cx.ts'
import { formatNumber } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { GLYPHS } from '../../../viewers/turn-lanes.tsx'
import { admits } from '../lib/admits.ts'
import { hiddenTypes } from '../lib/hidden-types.ts'
import { ZOOMS } from '../lib/turn-window.ts'
import { SIM_TYPES, type SimFacets } from '../types.ts'

/** What the lanes show: level, single types, one agent, a text, and how many turns. All of it stands in the address. */
export function LanesFilter({ level, facets }: { level: Level; facets: SimFacets | undefined }) {
  const [url, setUrl] = useUrlState()
  const hidden = hiddenTypes(url.hide)
  const toggle = (type: string) => {
    const next = hidden.has(type) ? [...hidden].filter((one) => one !== type) : [...hidden, type]
    setUrl({ hide: next.join(',') || undefined }, true)
  }
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
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
      <Select
        label="Agent"
        value={url.agent ?? ''}
        onChange={(agent) => setUrl({ agent }, true)}
        options={[
          { value: '', label: 'All agents' },
          ...Object.entries(facets?.agents ?? {}).map(([name, count]) => ({
            value: name,
            label: `${name} (${formatNumber(count)})`,
          })),
        ]}
      />
      <SearchBox
        value={url.text ?? ''}
        onChange={(text) => setUrl({ text }, true)}
        label="Text in the description"
        className="min-w-36 flex-1"
      />
      <div role="group" aria-label="Types shown" className="flex basis-full flex-wrap gap-1">
        {SIM_TYPES.filter((type) => admits(level, type) && (facets?.event_types[type] ?? 1) > 0).map((type) => (
          <button
            key={type}
            type="button"
            aria-pressed={!hidden.has(type)}
            onClick={() => toggle(type)}
            title={hidden.has(type) ? `Show ${type.toLowerCase()} events` : `Hide ${type.toLowerCase()} events`}
            className={cx(
              'inline-flex h-6 items-center gap-1 rounded-full border px-2 text-2xs hover:bg-hover',
              hidden.has(type) ? 'border-dashed border-line-strong text-ink-3 line-through' : 'border-line text-ink-2',
            )}
          >
            <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
              <path d={GLYPHS[type]} fill={hidden.has(type) ? 'var(--ink-3)' : levelColor(type)} />
            </svg>
            {type.toLowerCase()}
            {facets ? <span className="tabular text-ink-3">{formatNumber(facets.event_types[type] ?? 0)}</span> : null}
          </button>
        ))}
      </div>
    </div>
  )
}
