import { Shapes } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function KitPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Kit' }]} />
      <Empty icon={Shapes} title="Kit">
        Every component and viewer.
      </Empty>
    </div>
  )
}
