import { Bot } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function AgentsPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Agents' }]} />
      <Empty icon={Bot} title="No agents registered">
        Agents register themselves when they start.
      </Empty>
    </div>
  )
}
