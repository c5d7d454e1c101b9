import { Play, Power, Waves } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { cx } from '../../../lib/cx.ts'
import { formatDuration } from '../../../lib/format.ts'
import { type AgentVerb, type PlatformAgent, useAgentVerb } from '../api/agents.ts'
import { successOf } from '../lib/pools.ts'

const WHERE = { http: 'own process', mcp: 'MCP server', builtin: 'in the server' }

/** One agent: what it can do, what it does, how it fares, and how to take it out of service. */
export function AgentCard({ agent, highlighted }: { agent: PlatformAgent; highlighted: boolean }) {
  const act = useAgentVerb()
  const go = (verb: AgentVerb) =>
    act.mutate({ agent, verb }, { onError: (error) => toastError(`${agent.id} was not changed`, error) })
  const success = successOf(agent)
  const resting = agent.status !== 'available' && agent.status !== 'busy'
  return (
    <li className={cx('panel flex flex-col gap-3 p-4', highlighted && 'border-accent ring-2 ring-accent')}>
      <header className="flex items-start gap-2">
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold">{agent.title ?? agent.id}</span>
          <span className="block truncate font-mono text-2xs text-ink-3" title={agent.endpoint ?? undefined}>
            {agent.title ? `${agent.id} · ` : ''}
            {agent.endpoint ?? WHERE[agent.transport]}
          </span>
        </span>
        <Chip status={agent.status} />
      </header>
      <p className="flex flex-wrap gap-1">
        {agent.capabilities.map((capability) => (
          <Tag key={capability}>{capability}</Tag>
        ))}
      </p>
      {agent.current_work ? (
        <p className="truncate rounded bg-running-soft px-2 py-1 font-mono text-2xs text-running-ink">
          {agent.current_work}
        </p>
      ) : null}
      <dl className="mt-auto grid grid-cols-4 gap-2 text-xs">
        <Figure label="Load">
          {agent.running}/{agent.slots}
        </Figure>
        <Figure label="Success">{success === undefined ? '–' : `${success} %`}</Figure>
        <Figure label="Mean time">{agent.mean_seconds ? formatDuration(agent.mean_seconds * 1000) : '–'}</Figure>
        <Figure label="CPU">{agent.cpu_usage === null ? '–' : `${Math.round(agent.cpu_usage)} %`}</Figure>
      </dl>
      {agent.last_error ? (
        <div className="rounded bg-failed-soft px-2 py-1 text-xs text-failed-ink" title={agent.last_error}>
          <p className="line-clamp-2">{agent.last_error}</p>
        </div>
      ) : null}
      <footer className="flex items-center gap-2 border-t border-line pt-2.5">
        <span className="flex-1 text-2xs text-ink-3">
          {agent.seen_at ? (
            <>
              seen <When at={agent.seen_at} />
            </>
          ) : (
            WHERE[agent.transport]
          )}
        </span>
        {agent.transport === 'builtin' ? null : resting ? (
          <Button size="sm" icon={Play} busy={act.isPending} onClick={() => go('resume')}>
            Back to work
          </Button>
        ) : (
          <>
            <Button
              size="sm"
              look="quiet"
              icon={Waves}
              title="Finish what runs, take nothing new"
              onClick={() => go('drain')}
            >
              Drain
            </Button>
            <Confirm
              title={`Take ${agent.id} out at once?`}
              action="Take it out"
              danger
              onConfirm={() => go('offline')}
              trigger={(ask) => (
                <Button size="sm" look="quiet" icon={Power} onClick={ask}>
                  Take out
                </Button>
              )}
            >
              What it is working on goes back to the queue. To let it finish first, use Drain.
            </Confirm>
          </>
        )}
      </footer>
    </li>
  )
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-2xs text-ink-3">{label}</dt>
      <dd className="tabular font-medium">{children}</dd>
    </div>
  )
}
