import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight, Play, RotateCcw, Skull, X } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { ProgressBar } from '../../../components/progress-bar.tsx'
import { toastError } from '../../../components/toast.tsx'
import { isFinal, stateLook } from '../../../lib/states.ts'
import { readStored, writeStored } from '../../../lib/storage.ts'
import { DEMOS, type Demo } from '../lib/demos.ts'

/** What a first visit shows: one live demonstration a domain, and a crash on demand that nothing is lost by. */
export function Tour({ onClose }: { onClose: () => void }) {
  return (
    <section aria-label="Tour" className="panel overflow-hidden">
      <header className="flex items-start gap-3 border-b border-line px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-lg font-semibold text-balance">See it work</h2>
          <p className="max-w-prose text-sm text-ink-2">
            Four live demonstrations, started through the same interfaces that any program uses. End an agent in the
            middle of its work and watch the work carry on.
          </p>
        </div>
        <Button look="quiet" size="sm" icon={X} aria-label="Close the tour" onClick={onClose} />
      </header>
      <ul className="grid md:grid-cols-2">
        {DEMOS.map((demo) => (
          <li
            key={demo.key}
            className="border-b border-line p-4 last:border-b-0 md:odd:border-r md:[&:nth-last-child(2)]:border-b-0"
          >
            <OneDemo demo={demo} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function OneDemo({ demo }: { demo: Demo }) {
  const slot = `demo.${demo.key}`
  const [id, setId] = useState(() => readStored(slot))
  const start = useMutation({
    mutationFn: demo.start,
    onSuccess: (made) => {
      writeStored(slot, made)
      setId(made)
    },
    onError: (error) => toastError('The demonstration did not start', error),
  })
  const state = useQuery({
    queryKey: ['demo', demo.key, id],
    queryFn: () => demo.look(id),
    enabled: id !== '',
    retry: false,
    refetchInterval: (query) => (query.state.error || isFinal(query.state.data?.status ?? '') ? false : 1000),
  })
  const gone = state.error !== null
  const Icon = demo.icon
  return (
    <article aria-label={demo.title} className="flex h-full flex-col gap-2">
      <h3 className="flex items-center gap-2 font-semibold">
        <Icon size={17} aria-hidden="true" className={demo.hue} />
        {demo.title}
      </h3>
      <p className="text-sm text-ink-2">{demo.text}</p>
      {id && state.data ? (
        <div role="status" className="flex flex-col gap-1.5">
          <div className="flex items-center gap-3">
            <Chip status={state.data.status} />
            <ProgressBar
              label={`${Math.round(state.data.percent)} % done`}
              total={100}
              parts={[{ tone: stateLook(state.data.status).tone, value: state.data.percent }]}
            />
          </div>
          <p className="truncate text-xs text-ink-2">{state.data.says}</p>
        </div>
      ) : null}
      <div className="mt-auto flex flex-wrap gap-2 pt-1">
        {id && !gone ? (
          <Link
            to={demo.screen(id) as never}
            className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong px-3 text-sm font-medium hover:bg-hover"
          >
            Open
            <ArrowRight size={15} aria-hidden="true" />
          </Link>
        ) : null}
        <Button
          look={id && !gone ? 'quiet' : 'primary'}
          icon={id && !gone ? RotateCcw : Play}
          busy={start.isPending}
          onClick={() => start.mutate()}
        >
          {id && !gone ? 'Start again' : 'Start'}
        </Button>
        {demo.key === 'task' ? <KillButton demo={demo} onStarted={setId} /> : null}
      </div>
    </article>
  )
}

type Killed = { agent_id: string; pid: number; was_working_on: string | null }

/** Starts the task afresh and ends the agent that takes it, in the middle of its work. Only where the server may do that. */
function KillButton({ demo, onStarted }: { demo: Demo; onStarted: (id: string) => void }) {
  const may = useQuery({
    queryKey: ['demo', 'may'],
    queryFn: () => api<{ may_kill: boolean }>('/v1/demo'),
    staleTime: 60_000,
    retry: false,
    // Agents of a server that has just started come a moment after it.
    refetchInterval: (query) => (query.state.data?.may_kill || query.state.dataUpdateCount > 20 ? false : 2000),
  })
  const kill = useMutation({
    mutationFn: async () => {
      const id = await demo.start()
      writeStored('demo.task', id)
      onStarted(id)
      return api<Killed>('/v1/demo/kill-agent', { method: 'POST', body: { task_id: id, wait_seconds: 15 } })
    },
    onError: (error) => toastError('No agent was ended', error),
  })
  if (!may.data?.may_kill) return null
  return (
    <>
      <Button look="danger" icon={Skull} busy={kill.isPending} onClick={() => kill.mutate()}>
        Start and kill its agent
      </Button>
      {kill.data ? (
        <p role="status" className="basis-full text-xs text-ink-2">
          {kill.data.agent_id} (process {kill.data.pid}) was ended without warning while it worked. Whoever is free
          first takes the step over; the process is started again by itself.
        </p>
      ) : null}
    </>
  )
}
