import { type ReactNode, useState } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { useUrlState } from '../../lib/use-url-state.ts'
import { KitControls } from './kit-controls.tsx'
import { KitTable } from './kit-table.tsx'
import * as Charts from './kit-viewers.tsx'

/** Every component and viewer with sample data. Not linked from the navigation. */
export default function KitPage() {
  const [url, setUrl] = useUrlState()
  const [selected, setSelected] = useState<string | undefined>()
  const pick = { selected, onSelect: setSelected }
  return (
    <div className="h-full overflow-y-auto p-4 md:p-6">
      <Crumbs trail={[{ label: 'Kit' }]} />
      <Tabs
        label="Kit"
        value={url.tab ?? 'controls'}
        onChange={(tab) => setUrl({ tab })}
        items={[
          { id: 'controls', label: 'Controls', content: <KitControls /> },
          { id: 'table', label: 'Table', content: <KitTable /> },
          { id: 'time', label: 'Time', content: <Stack>{[<Charts.TimeSamples key="time" {...pick} />]}</Stack> },
          { id: 'graph', label: 'Graph', content: <Stack>{[<Charts.GraphSamples key="graph" {...pick} />]}</Stack> },
          { id: 'data', label: 'Data', content: <Stack>{[<Charts.DataSamples key="data" {...pick} />]}</Stack> },
        ]}
      />
    </div>
  )
}

const Stack = ({ children }: { children: ReactNode }) => <div className="flex flex-col gap-6">{children}</div>
