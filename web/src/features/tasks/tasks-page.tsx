import { ListChecks } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function TasksPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Tasks' }]} />
      <Empty icon={ListChecks} title="No tasks yet">
        Any job in plain words.
      </Empty>
    </div>
  )
}
