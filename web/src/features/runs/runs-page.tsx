import { Workflow } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function RunsPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Runs' }]} />
      <Empty icon={Workflow} title="Nothing is running">
        Every durable piece of work shows up here.
      </Empty>
    </div>
  )
}
