import { Settings } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function SettingsPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Settings' }]} />
      <Empty icon={Settings} title="Settings">
        Model, keys, retention.
      </Empty>
    </div>
  )
}
