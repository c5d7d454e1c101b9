import { Clapperboard } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'

export default function MoviesPage() {
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Movies' }]} />
      <Empty icon={Clapperboard} title="No film is in production yet">
        From concept to finished production.
      </Empty>
    </div>
  )
}
