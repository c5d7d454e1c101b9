import { useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Hourglass } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { asApiError } from '../../api/api-error.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useServed } from './api/served.ts'
import { useSimulation } from './api/simulations.ts'
import { useFollow } from './api/use-follow.ts'
import { PlayTab } from './components/play-tab.tsx'
import { SimHeader } from './components/sim-header.tsx'

const AuditTab = lazy(() => import('./components/audit-tab.tsx'))
const IntegrityTab = lazy(() => import('./components/integrity-tab.tsx'))
const AboutTab = lazy(() => import('./components/about-tab.tsx'))

/** One run: play it, search its events, check its files. */
export default function SimPage() {
  const { simId = '' } = useParams({ strict: false }) as { simId?: string }
  const [url, setUrl] = useUrlState()
  const client = useQueryClient()
  const served = useServed(simId)
  const begins = ['queued', 'running'].includes(served.data?.status ?? '')
  const sim = useSimulation(simId, begins)
  const [stick, setStick] = useState(true)
  const running = sim.data?.status === 'running'
  const refresh = () => void client.invalidateQueries({ queryKey: ['simulations', simId, 'detail'] })
  const follow = useFollow(simId, running, {
    onTurn: (turn) => {
      refresh()
      if (stick) setUrl({ turn: String(turn) }, true)
    },
    onEnd: refresh,
  })
  const trail = [{ label: 'Simulation', to: '/simulation' }, { label: sim.data?.name ?? simId }]
  const waiting = begins && asApiError(sim.error).status === 404
  if (waiting)
    return (
      <>
        <Crumbs trail={trail} />
        <Empty
          icon={Hourglass}
          title={served.data?.status === 'queued' ? 'Waiting for a free place' : 'The world is being set up'}
        >
          It starts by itself. The first turns appear here at once.
        </Empty>
      </>
    )
  if (sim.error && !sim.data)
    return (
      <div className="p-5">
        <Crumbs trail={trail} />
        <ErrorPanel error={sim.error} title="The run could not be read" onRetry={() => void sim.refetch()} />
      </div>
    )
  if (!sim.data) return <PageSkeleton />
  const tab = url.tab ?? 'play'
  return (
    <div className="flex h-full flex-col">
      <Crumbs trail={trail} />
      <SimHeader sim={sim.data} served={served.data} follow={follow} stick={stick} onStick={setStick} />
      <Suspense fallback={<PageSkeleton />}>
        <Tabs
          fill
          label="Run"
          value={tab}
          onChange={(next) => setUrl({ tab: next === 'play' ? undefined : next })}
          items={[
            { id: 'play', label: 'Play', content: <PlayTab sim={sim.data} onScrub={() => setStick(false)} /> },
            { id: 'audit', label: 'Events', content: <AuditTab sim={sim.data} /> },
            { id: 'integrity', label: 'Integrity', content: <IntegrityTab sim={sim.data} /> },
            { id: 'about', label: 'Configuration and result', content: <AboutTab sim={sim.data} /> },
          ]}
        />
      </Suspense>
    </div>
  )
}
