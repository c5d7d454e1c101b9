import { type ReactNode, useState } from 'react'
import { Bars } from '../../viewers/bars.tsx'
import { Causality } from '../../viewers/causality.tsx'
import { Filmstrip } from '../../viewers/filmstrip.tsx'
import { Gantt } from '../../viewers/gantt.tsx'
import { LazyGraph } from '../../viewers/graph-lazy.tsx'
import { LineChart } from '../../viewers/line-chart.tsx'
import { MapGrid } from '../../viewers/map-grid.tsx'
import { Matrix } from '../../viewers/matrix.tsx'
import { Player } from '../../viewers/player.tsx'
import { Timeline } from '../../viewers/timeline.tsx'
import * as sample from './samples.ts'

type Pick = { selected: string | undefined; onSelect: (id: string) => void }

/** A titled panel of the kit. */
export function Sample({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel p-4">
      <h2 className="mb-3 text-xs font-medium text-ink-3">{title}</h2>
      {children}
    </section>
  )
}

export function TimeSamples(pick: Pick) {
  const [range, setRange] = useState<[number, number] | undefined>()
  return (
    <>
      <Sample title="Timeline">
        <Timeline
          label="Sample timeline"
          lanes={sample.lanes}
          bars={sample.timeBars}
          range={range}
          onRange={setRange}
          {...pick}
        />
      </Sample>
      <Sample title="Gantt">
        <Gantt label="Sample plan" tasks={sample.ganttTasks} now={sample.ganttNow} {...pick} />
      </Sample>
      <Sample title="Filmstrip">
        <Filmstrip label="Sample storyboard" frames={sample.frames} {...pick} />
      </Sample>
    </>
  )
}

export function GraphSamples(pick: Pick) {
  const [depth, setDepth] = useState(3)
  const [center, setCenter] = useState('act')
  return (
    <>
      <Sample title="Graph">
        <div className="h-[420px]">
          <LazyGraph label="Sample graph" nodes={sample.graphNodes} edges={sample.graphEdges} {...pick} />
        </div>
      </Sample>
      <Sample title="Causality">
        <Causality
          label="Sample causes"
          center={center}
          nodes={sample.causes}
          edges={sample.causeEdges}
          depth={depth}
          onDepth={setDepth}
          onCenter={setCenter}
        />
      </Sample>
    </>
  )
}

export function DataSamples(pick: Pick) {
  const [turn, setTurn] = useState(20)
  return (
    <>
      <Sample title="Line chart and player">
        <LineChart
          label="Wealth by turn"
          series={sample.chart}
          cursor={turn}
          onCursor={setTurn}
          step
          flags={[{ x: 34, label: 'First divergence' }]}
          xWord={(x) => `turn ${x}`}
        />
        <div className="mt-3">
          <Player label="Turns" min={0} max={59} position={turn} onPosition={setTurn} word={(t) => `turn ${t}`} />
        </div>
      </Sample>
      <div className="grid gap-6 lg:grid-cols-2">
        <Sample title="Bars">
          <Bars label="Budget" items={sample.bars} {...pick} />
        </Sample>
        <Sample title="Matrix">
          <Matrix label="Risks" points={sample.risks} xLabel="Probability" yLabel="Impact" {...pick} />
        </Sample>
        <Sample title="Map: grid">
          <MapGrid label="Sample world" places={sample.places} tokens={sample.tokens} {...pick} />
        </Sample>
        <Sample title="Map: hex">
          <MapGrid label="Sample hex world" shape="hex" places={sample.places} tokens={sample.tokens} {...pick} />
        </Sample>
      </div>
    </>
  )
}
