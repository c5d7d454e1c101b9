import { CalendarRange } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function PlanningPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Planning' }]} />
      <Empty icon={CalendarRange} title="No event is being planned yet">
        From a meetup to an 800-person conference.
      </Empty>
    </div>
  )
}
