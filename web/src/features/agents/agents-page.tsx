import { Link } from '@tanstack/react-router'
import { Bot, FlaskConical, Plus } from 'lucide-react'
import { useState } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { plural } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useFleet } from './api/agents.ts'
import { AgentCard } from './components/agent-card.tsx'
import { RegisterDialog } from './components/register-dialog.tsx'
import { poolsOf } from './lib/pools.ts'

/** The fleet by pool: who can do what, how busy, how well. */
export default function AgentsPage() {
  const [url] = useUrlState()
  const [adding, setAdding] = useState(false)
  const { data, error, refetch } = useFleet()
  const pools = poolsOf(data ?? [])
  return (
    <div role="region" aria-label="Fleet" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2">
      <Crumbs trail={[{ label: 'Agents' }]} />
      <div className="mx-auto flex max-w-6xl flex-col gap-6 p-4 md:p-6">
        <header className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm text-ink-2" role="status">
            {data ? `${plural(data.length, 'agent')} in ${plural(pools.length, 'pool')}` : 'Looking for agents…'}
          </p>
          <span className="flex flex-wrap gap-2">
            <Link
              to={'/agents/try' as never}
              className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong px-3 text-sm font-medium hover:bg-hover"
            >
              <FlaskConical size={15} aria-hidden="true" />
              Try one alone
            </Link>
            <Button icon={Plus} onClick={() => setAdding(true)}>
              Register an agent
            </Button>
          </span>
        </header>
        {error && !data ? (
          <ErrorPanel error={error} title="The fleet could not be read" onRetry={() => void refetch()} />
        ) : null}
        {!data && !error ? <Skeleton rows={5} height={60} /> : null}
        {data?.length === 0 ? (
          <div className="panel">
            <Empty
              icon={Bot}
              title="No agents registered"
              action={<Button onClick={() => setAdding(true)}>Register an agent</Button>}
            >
              The five task agents start with <code className="text-xs">troupe up</code>.
            </Empty>
          </div>
        ) : null}
        {pools.map((pool) => (
          <section key={pool.name} aria-label={`Pool ${pool.name}`}>
            <header className="mb-2 flex items-baseline gap-3">
              <h2 className="font-semibold">{pool.name}</h2>
              <span className="tabular text-xs text-ink-3">
                {pool.busy} of {pool.slots} slots busy{pool.offline > 0 ? ` · ${pool.offline} offline` : ''}
              </span>
            </header>
            <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
              {pool.agents.map((agent) => (
                <AgentCard key={`${agent.pool}/${agent.id}`} agent={agent} highlighted={url.id === agent.id} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {adding ? <RegisterDialog pools={pools.map((pool) => pool.name)} onClose={() => setAdding(false)} /> : null}
    </div>
  )
}
