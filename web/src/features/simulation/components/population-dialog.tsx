import { Pause, Play, Trash2, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { type AgentChange, type AgentReply, useAgentChange } from '../api/served.ts'
import { useLatestState } from '../api/simulations.ts'
import { typedValue } from '../lib/changes.ts'

/** Adds, pauses, resumes and removes agents while the run goes on. */
export function PopulationDialog({ id, agents, onClose }: { id: string; agents: string[]; onClose: () => void }) {
  const change = useAgentChange(id)
  const state = useLatestState(id)
  const [name, setName] = useState('')
  const [type, setType] = useState('simple')
  const [initial, setInitial] = useState('')
  const [place, setPlace] = useState('')
  const [turns, setTurns] = useState('')
  const [wrong, setWrong] = useState(false)
  const hasMap = Boolean(state.data?.state.spatial_state)
  // Who has gone, or came later, is in the state only.
  const present = state.data ? Object.keys(state.data.state.agents) : agents
  const paused = new Set(state.data?.state.paused_agents ?? [])
  const say = (reply: AgentReply) => {
    const done = reply.ok ?? reply.added
    if (done === false) toast({ tone: 'failed', title: 'The run refused it', detail: reply.reason ?? '' })
    else
      toast({
        tone: done === null ? 'waiting' : 'done',
        title: done === null ? 'Asked; it applies at the next turn' : 'Done',
      })
  }
  const go = (input: AgentChange) =>
    change.mutate(input, { onSuccess: say, onError: (error) => toastError('The population was not changed', error) })
  return (
    <Dialog open onClose={onClose} title="Agents of this run" describe="Changes apply before the next turn begins.">
      <div className="flex flex-col gap-4">
        <ul className="divide-y divide-line rounded-md border border-line">
          {present.map((agent) => (
            <li key={agent} className="flex items-center gap-2 px-3 py-1.5 text-sm">
              <span className="min-w-0 flex-1 truncate font-medium">{agent}</span>
              {paused.has(agent) ? (
                <Button size="sm" icon={Play} onClick={() => go({ verb: 'resume', name: agent })}>
                  Resume
                </Button>
              ) : (
                <Button
                  size="sm"
                  look="quiet"
                  icon={Pause}
                  onClick={() =>
                    go({ verb: 'pause', name: agent, ...(turns ? { auto_resume_turns: Number(turns) } : {}) })
                  }
                >
                  Pause
                </Button>
              )}
              <Button
                size="sm"
                look="quiet"
                icon={Trash2}
                aria-label={`Remove ${agent}`}
                onClick={() => go({ verb: 'remove', name: agent })}
              />
            </li>
          ))}
        </ul>
        <NumberField
          label="Pause for how many turns"
          hint="Until resumed when empty"
          className="w-52"
          min={1}
          value={turns}
          onChange={(event) => setTurns(event.target.value)}
        />
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            const own = initial.trim() === '' ? {} : typedValue(initial)
            if (typeof own !== 'object' || own === null || Array.isArray(own)) return setWrong(true)
            setWrong(false)
            go({
              verb: 'add',
              name: name.trim(),
              type: type.trim(),
              initial_state: own as Record<string, unknown>,
              ...(place.trim() ? { location: place.trim() } : {}),
            })
            setName('')
          }}
        >
          <Field label="New agent" className="min-w-0 flex-1">
            {(props) => (
              <input {...props} className={INPUT} value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
          <Field label="Type" className="w-36">
            {(props) => (
              <input {...props} className={INPUT} value={type} onChange={(event) => setType(event.target.value)} />
            )}
          </Field>
          <Field
            label="Initial state as JSON"
            className="w-full"
            hint={'Such as {"wealth": 500}; empty for the defaults'}
            error={wrong ? 'Write a map, such as {"wealth": 500}' : undefined}
          >
            {(props) => (
              <input
                {...props}
                className={INPUT}
                value={initial}
                onChange={(event) => setInitial(event.target.value)}
              />
            )}
          </Field>
          {hasMap ? (
            <Field label="Place on the map" className="w-36">
              {(props) => (
                <input {...props} className={INPUT} value={place} onChange={(event) => setPlace(event.target.value)} />
              )}
            </Field>
          ) : null}
          <Button type="submit" icon={UserPlus} busy={change.isPending} disabled={!name.trim() || !type.trim()}>
            Add agent
          </Button>
        </form>
        {change.error ? <ErrorPanel error={change.error} /> : null}
      </div>
    </Dialog>
  )
}
