import { useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { readStored } from '../../lib/storage.ts'
import { ApprovalsBanner } from './components/approvals-banner.tsx'
import { SubmitTab } from './components/submit-tab.tsx'

const MonitorTab = lazy(() => import('./components/monitor-tab.tsx'))
const AgentsTab = lazy(() => import('./components/agents-tab.tsx'))
const LogsTab = lazy(() => import('./components/logs-tab.tsx'))
const ResultsTab = lazy(() => import('./components/results-tab.tsx'))

const TITLE = 'Multi-Agent Task Execution System'

/** The five tabs of task execution; each has its own address. */
export default function TasksPage() {
  const { taskId } = useParams({ strict: false }) as { taskId?: string }
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const last = pathname.replace(/\/$/, '').split('/').at(-1)
  const tab = taskId ? 'monitor' : ['monitor', 'agents', 'logs', 'results'].includes(last ?? '') ? last! : 'submit'
  const open = (id: string) => void navigate({ to: `/tasks/${id}` } as never)
  const go = (id: string) => {
    const lastTask = readStored('lastTask')
    void navigate({
      to: id === 'submit' ? '/tasks' : id === 'monitor' && lastTask ? `/tasks/${lastTask}` : `/tasks/${id}`,
    } as never)
  }
  return (
    <div className="flex h-full flex-col">
      <Crumbs
        title={TITLE}
        trail={taskId ? [{ label: 'Tasks', to: '/tasks' }, { label: taskId }] : [{ label: 'Tasks' }]}
      />
      <Suspense fallback={<PageSkeleton />}>
        <Tabs
          fill
          label={TITLE}
          value={tab}
          onChange={go}
          items={[
            { id: 'submit', label: 'Submit Task', content: <SubmitTab onOpen={open} /> },
            { id: 'monitor', label: 'Monitor Tasks', content: <MonitorTab taskId={taskId ?? ''} onOpen={open} /> },
            { id: 'agents', label: 'Agent Dashboard', content: <AgentsTab /> },
            { id: 'logs', label: 'Agent Logs', content: <LogsTab /> },
            { id: 'results', label: 'Results Files', content: <ResultsTab /> },
          ]}
        />
      </Suspense>
      <ApprovalsBanner />
    </div>
  )
}
