import { Globe } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function SimulationPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Simulation' }]} />
      <Empty icon={Globe} title="No simulation has run yet">
        Turn-based worlds of agents.
      </Empty>
    </div>
  )
}
