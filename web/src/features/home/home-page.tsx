import { House } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function HomePage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Home' }]} />
      <Empty icon={House} title="Nothing waits for you">
        Start a task, an event, a film or a world with “New”.
      </Empty>
    </div>
  )
}
