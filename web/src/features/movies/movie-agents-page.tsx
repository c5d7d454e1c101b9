import { Bot, HeartPulse, Plus } from 'lucide-react'
import { useState } from 'react'
import type * as M from '../../../../src/movies/schema.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Chip, Tag } from '../../components/chip.tsx'
import { Confirm, Dialog } from '../../components/dialog.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Field, INPUT } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { toast, toastError } from '../../components/toast.tsx'
import { When } from '../../components/when.tsx'
import { formatDuration, formatNumber, plural } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { movieApi, useMovieAgents, useMovieWrite } from './api/movies.ts'
import { Sections } from './components/sections.tsx'
import { words } from './lib/states.ts'

const TYPES = ['story', 'character', 'visual', 'production']
const STATUSES = ['available', 'busy', 'maintenance', 'offline']
const all = (label: string, values: string[]) => [
  { value: '', label },
  ...values.map((value) => ({ value, label: words(value) })),
]

/** The crew by department: who can do what, how busy, how reliable; take one out, bring one back, add one. */
export default function MovieAgentsPage() {
  const [url, setUrl] = useUrlState()
  const [adding, setAdding] = useState(false)
  const { data, error, refetch } = useMovieAgents({
    ...(url.type ? { agent_type: url.type } : {}),
    ...(url.status ? { status: url.status } : {}),
    ...(url.capability ? { capability: url.capability } : {}),
  })
  const groups = new Map<string, M.AgentResponse[]>()
  for (const agent of data?.agents ?? []) {
    const name = agent.department ?? words(agent.agent_type)
    groups.set(name, [...(groups.get(name) ?? []), agent])
  }
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Movies', to: '/movies' }, { label: 'Crew' }]} />
      <div className="mx-auto flex max-w-[1240px] flex-col gap-4 p-4 md:p-6">
        <Sections />
        <div className="flex flex-wrap items-center gap-2">
          <Select
            label="Kind"
            value={url.type ?? ''}
            onChange={(type) => setUrl({ type })}
            options={all('Every kind', TYPES)}
          />
          <Select
            label="State"
            value={url.status ?? ''}
            onChange={(status) => setUrl({ status })}
            options={all('Every state', STATUSES)}
          />
          <Button className="ml-auto" icon={Plus} onClick={() => setAdding(true)}>
            Register an agent
          </Button>
        </div>
        {error ? (
          <ErrorPanel error={error} title="The crew could not be read" onRetry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={8} height={36} />
        ) : data.agents.length === 0 ? (
          <Empty
            icon={Bot}
            title="No agent fits these filters"
            action={<Button onClick={() => setUrl({ type: '', status: '', capability: '' })}>Clear the filters</Button>}
          />
        ) : null}
        {[...groups].map(([name, agents]) => (
          <section key={name} aria-label={name} className="panel overflow-hidden">
            <h2 className="flex items-center gap-2 bg-sunken px-4 py-2 text-sm font-semibold">
              {name}
              <span className="text-xs font-normal text-ink-3">{plural(agents.length, 'agent')}</span>
            </h2>
            <ul>
              {agents.map((agent) => (
                <AgentRow
                  key={agent.agent_id}
                  agent={agent}
                  onCapability={(capability) => setUrl({ capability: capability === url.capability ? '' : capability })}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      <RegisterDialog open={adding} onClose={() => setAdding(false)} />
    </div>
  )
}

function AgentRow({ agent, onCapability }: { agent: M.AgentResponse; onCapability: (name: string) => void }) {
  const write = useMovieWrite<{ message?: string; status?: string }>()
  const path = `/agents/${encodeURIComponent(agent.agent_id)}`
  const check = async () => {
    try {
      const health = await movieApi<M.HealthResponse>(`${path}/health`)
      toast({ tone: 'done', title: `${words(agent.name)} is ${health.status}`, detail: health.message })
    } catch (error) {
      toastError(`${words(agent.name)} is not healthy`, error)
    }
  }
  const act = (verb: Parameters<typeof write.mutate>[0], done: string) =>
    write.mutate(verb, {
      onSuccess: () => toast({ tone: 'done', title: done }),
      onError: (error) => toastError('That was refused', error),
    })
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-t border-line px-4 py-2 text-sm">
      <span className="min-w-0 flex-1 basis-56">
        <span className="font-medium">{words(agent.name)}</span>
        <span className="mt-0.5 flex flex-wrap gap-1">
          {agent.capabilities.slice(0, 4).map((capability) => (
            <button key={capability} type="button" onClick={() => onCapability(capability)} className="rounded">
              <Tag mono>{capability}</Tag>
            </button>
          ))}
        </span>
      </span>
      <Chip status={agent.status} />
      <span className="tabular w-24 text-xs text-ink-2">
        {agent.current_tasks.length} of {agent.max_concurrent_tasks} at work
      </span>
      <span className="tabular w-20 text-xs text-ink-2" title="Share of the last 100 tasks that succeeded">
        {formatNumber(agent.success_rate, 0)} % good
      </span>
      <span className="tabular w-16 text-xs text-ink-3" title="Average time of a task">
        {agent.average_execution_time > 0 ? formatDuration(agent.average_execution_time * 1000) : '–'}
      </span>
      <span className="w-20 text-xs text-ink-3">
        <When at={agent.last_heartbeat} />
      </span>
      <span className="flex gap-1">
        <Button
          size="sm"
          look="quiet"
          icon={HeartPulse}
          aria-label={`Check ${agent.name}`}
          onClick={() => void check()}
        />
        {agent.status === 'maintenance' || agent.status === 'offline' ? (
          <Button
            size="sm"
            disabled={write.isPending}
            onClick={() => act({ path: `${path}/reset` }, `${words(agent.name)} is back`)}
          >
            Bring back
          </Button>
        ) : (
          <Button
            size="sm"
            disabled={write.isPending}
            onClick={() =>
              act({ path, method: 'PUT', body: { status: 'maintenance' } }, `${words(agent.name)} takes no new work`)
            }
          >
            Take out
          </Button>
        )}
        <Confirm
          title={`Remove ${words(agent.name)}?`}
          action="Remove"
          danger
          onConfirm={() => act({ path, method: 'DELETE' }, `${words(agent.name)} was removed`)}
          trigger={(ask) => (
            <Button size="sm" look="quiet" onClick={ask}>
              Remove
            </Button>
          )}
        >
          Work that only this agent can do then waits until another one is registered.
        </Confirm>
      </span>
    </li>
  )
}

function RegisterDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const write = useMovieWrite()
  const [form, setForm] = useState({ agent_id: '', agent_type: 'story', capabilities: '', endpoint_url: '' })
  const input = (name: keyof typeof form, label: string, hint?: string) => (
    <Field label={label} required hint={hint}>
      {(props) => (
        <input
          {...props}
          required
          className={INPUT}
          value={form[name]}
          onChange={(event) => setForm({ ...form, [name]: event.target.value })}
        />
      )}
    </Field>
  )
  return (
    <Dialog open={open} onClose={onClose} title="Register an agent">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          write.mutate(
            { path: '/agents', body: { ...form, capabilities: form.capabilities.split(/[\s,]+/).filter(Boolean) } },
            {
              onSuccess: () => {
                toast({ tone: 'done', title: `${form.agent_id} is registered` })
                onClose()
              },
            },
          )
        }}
      >
        {input('agent_id', 'Name', 'Letters, digits, - and _')}
        <Field label="Kind">
          {(props) => (
            <select
              {...props}
              className={INPUT}
              value={form.agent_type}
              onChange={(event) => setForm({ ...form, agent_type: event.target.value })}
            >
              {TYPES.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          )}
        </Field>
        {input('capabilities', 'Can do', 'Words with _ , separated by commas: story_arc, scene_list')}
        {input('endpoint_url', 'Address', 'http, https, ws or wss; it is called once to see that it answers')}
        {write.error ? <ErrorPanel error={write.error} title="The agent was not registered" /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={write.isPending}>
            Register
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
