import { Inbox } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function InboxPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Inbox' }]} />
      <Empty icon={Inbox} title="No question is open">
        Agents ask here when a person must decide.
      </Empty>
    </div>
  )
}
