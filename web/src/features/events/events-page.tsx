import { Radio } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function EventsPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Events' }]} />
      <Empty icon={Radio} title="No events yet">
        Everything that happens is recorded here, with its causes.
      </Empty>
    </div>
  )
}
