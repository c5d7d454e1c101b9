import { ErrorPanel } from '../../../components/error-panel.tsx'
import { formatNumber, plural } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { LineChart } from '../../../viewers/line-chart.tsx'
import { useSeries } from '../api/analysis.ts'
import { chartLines } from '../lib/chart-lines.ts'
import type { SimDetail } from '../types.ts'
import { VariableChips } from './variable-chips.tsx'

const SHOWN = 8
const CHIPS = 16

type Props = {
  sim: SimDetail
  version: number
  window: [number, number]
  turn: number
  onTurn: (turn: number) => void
}

/** Chosen variables over the turns on show, on the axis of the lanes below. */
export function VariablesChart({ sim, version, window, turn, onTurn }: Props) {
  const [url, setUrl] = useUrlState()
  const asked = url.vars ? url.vars.split(',') : undefined
  const { data, error, refetch } = useSeries(sim.id, version, {
    ...(asked ? { variables: asked } : {}),
    from: window[0],
    to: window[1],
    lines: SHOWN,
  })
  if (error) return <ErrorPanel error={error} title="The variables could not be read" onRetry={() => void refetch()} />
  if (!data) return <div className="panel h-60" />
  const names = data.variables.map(({ name }) => name)
  if (names.length === 0) return <p className="panel p-4 text-sm text-ink-2">This world has no numeric variable.</p>
  const chosen = asked ?? names.slice(0, 1)
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]
    setUrl({ vars: next.length > 0 ? next.join(',') : undefined }, true)
  }
  const notes = [
    data.series_total > data.series.length ? `${data.series.length} of ${data.series_total} lines` : '',
    data.turns_per_point > 1 ? `last value of every ${formatNumber(data.turns_per_point)} turns` : '',
    sim.verbosity === 'STATE' || sim.verbosity === 'DETAIL' || !sim.verbosity ? '' : 'values of checkpoints only',
    names.length > CHIPS ? `${plural(names.length - CHIPS, 'more variable')}` : '',
  ].filter(Boolean)
  return (
    <section aria-label="Variables" className="panel p-3">
      <div className="mb-2 flex flex-wrap items-center gap-1.5">
        <VariableChips names={names.slice(0, CHIPS)} chosen={chosen} onToggle={toggle} />
        {notes.length > 0 ? <span className="ml-auto text-xs text-ink-2">{notes.join(' · ')}</span> : null}
      </div>
      <LineChart
        label="Variables by turn"
        series={chartLines(data, window[1] + 0.5)}
        height={170}
        step
        xRange={[window[0] - 0.5, window[1] + 0.5]}
        wholeX
        cursor={turn}
        onCursor={onTurn}
        xWord={(x) => `turn ${x}`}
        gutter={92}
      />
    </section>
  )
}
