import { useParams } from '@tanstack/react-router'
import { CalendarX } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { asApiError } from '../../api/api-error.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Chip, Tag } from '../../components/chip.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Money } from '../../components/money.tsx'
import { PageSkeleton, Skeleton } from '../../components/skeleton.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { plural } from '../../lib/format.ts'
import { usePhone } from '../../lib/use-media.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useArtifact } from './api/artifacts.ts'
import { useBrief } from './api/briefs.ts'
import { GatePanel } from './components/gate-panel.tsx'
import { LifecycleStepper } from './components/lifecycle-stepper.tsx'
import { TeamPanel } from './components/team-panel.tsx'
import { dateRange } from './lib/dates.ts'
import type { EventBrief } from './types.ts'

const OverviewTab = lazy(() => import('./tabs/overview-tab.tsx'))
const PlanTab = lazy(() => import('./tabs/plan-tab.tsx'))
const VenuesTab = lazy(() => import('./tabs/venues-tab.tsx'))
const BudgetTab = lazy(() => import('./tabs/budget-tab.tsx'))
const LogisticsTab = lazy(() => import('./tabs/logistics-tab.tsx'))
const RisksTab = lazy(() => import('./tabs/risks-tab.tsx'))
const DayTab = lazy(() => import('./tabs/day-tab.tsx'))
const ResultTab = lazy(() => import('./tabs/result-tab.tsx'))
const LogTab = lazy(() => import('./tabs/log-tab.tsx'))

/** One event: where it stands, what the next gate lacks, the team at work, and everything it has written. */
export default function BriefPage() {
  const { eventId = '' } = useParams({ strict: false }) as { eventId?: string }
  const { data, error, refetch } = useBrief(eventId)
  if (error && asApiError(error).status === 404)
    return (
      <>
        <Crumbs trail={[{ label: 'Planning', to: '/planning' }, { label: 'Not found' }]} />
        <Empty icon={CalendarX} title="There is no such event">
          It may have been deleted. The list of events shows all that exist.
        </Empty>
      </>
    )
  if (error)
    return (
      <div className="p-6">
        <ErrorPanel error={error} title="The event could not be read" onRetry={() => void refetch()} />
      </div>
    )
  if (!data) return <PageSkeleton />
  return <Brief brief={data} />
}

function Brief({ brief }: { brief: EventBrief }) {
  const [url, setUrl] = useUrlState()
  const phone = usePhone()
  const tab = url.tab ?? (brief.lifecycle_state === 'Execute' ? 'day' : 'overview')
  const onTab = (id: string) => setUrl({ tab: id, task: '', risk: '', artifact: '' })
  const team = <TeamPanel brief={brief} sessionId={url.session} onSession={(session) => setUrl({ session })} />
  const wrap = (content: React.ReactNode) => (
    <div className="min-h-0 flex-1 overflow-y-auto p-4" role="region" tabIndex={0} aria-label="Content of the tab">
      <Suspense fallback={<Skeleton rows={6} height={24} />}>{content}</Suspense>
    </div>
  )
  return (
    <div className="flex h-full flex-col">
      <Crumbs trail={[{ label: 'Planning', to: '/planning' }, { label: brief.title }]} />
      <BriefHeader brief={brief} onTab={onTab} />
      <div className="flex min-h-0 flex-1">
        {phone ? null : (
          <aside aria-label="The team" className="flex w-[340px] shrink-0 flex-col border-r border-line bg-canvas">
            {team}
          </aside>
        )}
        <div className="flex min-w-0 flex-1 flex-col">
          <Tabs
            fill
            label="Parts of the plan"
            value={tab}
            onChange={onTab}
            items={[
              ...(phone
                ? [{ id: 'team', label: 'Team', content: <div className="flex min-h-0 flex-1 flex-col">{team}</div> }]
                : []),
              { id: 'overview', label: 'Overview', content: wrap(<OverviewTab brief={brief} />) },
              { id: 'plan', label: 'Plan', content: wrap(<PlanTab brief={brief} />) },
              { id: 'venues', label: 'Venues', content: wrap(<VenuesTab brief={brief} />) },
              { id: 'budget', label: 'Budget', content: wrap(<BudgetTab brief={brief} />) },
              { id: 'logistics', label: 'Logistics', content: wrap(<LogisticsTab brief={brief} />) },
              { id: 'risks', label: 'Risks', content: wrap(<RisksTab brief={brief} />) },
              { id: 'day', label: 'Day', content: wrap(<DayTab brief={brief} />) },
              { id: 'result', label: 'Result', content: wrap(<ResultTab brief={brief} sessionId={url.session} />) },
              { id: 'log', label: 'Log', content: wrap(<LogTab brief={brief} />) },
            ]}
          />
        </div>
      </div>
    </div>
  )
}

function BriefHeader({ brief, onTab }: { brief: EventBrief; onTab: (tab: string) => void }) {
  const { data: baseline } = useArtifact(brief.id, 'budget-baseline')
  const phone = usePhone()
  const gate = <GatePanel id={brief.id} closed={Boolean(brief.closed_at)} onTab={onTab} />
  return (
    <header className="flex flex-col gap-2.5 border-b border-line bg-surface px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <h2 className="text-lg leading-6 font-semibold break-words">{brief.title}</h2>
        <Tag>{brief.event_type}</Tag>
        {brief.closed_at ? <Chip status="done" word="Closed" /> : null}
        <span className="text-ink-2">{dateRange(brief.date_range_start, brief.date_range_end)}</span>
        <span className="text-ink-2">{plural(brief.audience_size, 'person', 'people')}</span>
        {baseline ? <Money amount={baseline.total_budget} currency={baseline.currency} className="text-ink-2" /> : null}
      </div>
      <div className="relative -mx-1 overflow-x-auto px-1" role="region" tabIndex={0} aria-label="Track of states">
        <LifecycleStepper state={brief.lifecycle_state} closed={Boolean(brief.closed_at)} />
      </div>
      {phone ? (
        <details>
          <summary className="cursor-pointer text-sm font-medium text-accent-ink">Next gate</summary>
          <div className="pt-2">{gate}</div>
        </details>
      ) : (
        gate
      )}
    </header>
  )
}
