import { Link } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../components/field.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { useUrlState } from '../../lib/use-url-state.ts'
import { type TriableAgent, useSubjects, useTriable, useTry } from './api/try-agent.ts'
import { TriedResult } from './components/tried-result.tsx'

const DOMAINS = { tasks: 'Tasks', planning: 'Planning', movies: 'Movies' } as const
const KIND = { tasks: undefined, planning: 'event', movies: 'film' } as const
const EXAMPLE = 'Calculate factorial of 10'

/** One agent alone: who, on what, and what it makes of it. Nothing is saved. */
export default function TryPage() {
  const agents = useTriable()
  return (
    <div role="region" aria-label="Try an agent" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2">
      <Crumbs trail={[{ label: 'Agents', to: '/agents' }, { label: 'Try one alone' }]} />
      <div className="mx-auto flex max-w-5xl flex-col gap-5 p-4 md:p-6">
        <p className="max-w-prose text-sm text-ink-2">
          Give one agent something to do and see what it makes, with which tools and at what cost. It works by the
          configured model, else by its craft. No run is made and nothing is saved.
        </p>
        {agents.error ? (
          <ErrorPanel
            error={agents.error}
            title="The agents could not be listed"
            onRetry={() => void agents.refetch()}
          />
        ) : null}
        {agents.data ? <Trial agents={agents.data} /> : agents.error ? null : <PageSkeleton />}
      </div>
    </div>
  )
}

function Trial({ agents }: { agents: TriableAgent[] }) {
  const [url, setUrl] = useUrlState()
  const trial = useTry()
  const subjects = useSubjects()
  const [input, setInput] = useState('')
  const [files, setFiles] = useState<{ name: string; text: string }[]>([])
  const domain = (url.domain ?? 'tasks') in DOMAINS ? ((url.domain ?? 'tasks') as keyof typeof DOMAINS) : 'tasks'
  const known = agents.filter((one) => one.domain === domain)
  const agent = known.find((one) => one.agent === url.agent) ?? known[0]
  const material = (subjects.data ?? []).filter((one) => one.kind === KIND[domain])
  const subject = material.find((one) => one.id === url.subject) ?? material[0]
  const part = agent?.tasks.includes(url.task ?? '') ? url.task : agent?.tasks[0]
  const isTask = domain === 'tasks'
  const missing = isTask ? input.trim().length < 10 : !subject
  const change = (patch: Record<string, string | undefined>) => {
    trial.reset()
    setUrl(patch, true)
  }
  const run = () =>
    agent &&
    trial.mutate({
      domain,
      agent: agent.agent,
      ...(subject && !isTask ? { subject: subject.id } : {}),
      ...(part ? { task: part } : {}),
      ...(input.trim() ? { input: input.trim() } : {}),
      ...(files.length > 0 && isTask ? { files } : {}),
    })
  return (
    <>
      <form
        aria-label="Trial"
        className="panel flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (!missing) run()
        }}
      >
        <div className="grid gap-3 sm:grid-cols-3">
          <Field label="Domain">
            {(props) => (
              <select
                {...props}
                className={INPUT}
                value={domain}
                onChange={(event) =>
                  change({ domain: event.target.value, agent: undefined, subject: undefined, task: undefined })
                }
              >
                {Object.entries(DOMAINS).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Agent">
            {(props) => (
              <select
                {...props}
                className={INPUT}
                value={agent?.agent ?? ''}
                onChange={(event) => change({ agent: event.target.value, task: undefined })}
              >
                {known.map((one) => (
                  <option key={one.agent} value={one.agent}>
                    {one.title}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {agent && agent.tasks.length > 1 ? (
            <Field label="Part of its work">
              {(props) => (
                <select
                  {...props}
                  className={INPUT}
                  value={part}
                  onChange={(event) => change({ task: event.target.value })}
                >
                  {agent.tasks.map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </select>
              )}
            </Field>
          ) : null}
        </div>
        {isTask ? null : (
          <Field label={domain === 'planning' ? 'On which event' : 'On which film'}>
            {(props) => (
              <select
                {...props}
                className={INPUT}
                value={subject?.id ?? ''}
                onChange={(event) => change({ subject: event.target.value })}
              >
                {material.length === 0 ? <option value="">None yet</option> : null}
                {material.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.title} · {one.about}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {!isTask && subjects.data && material.length === 0 ? (
          <p className="text-sm text-ink-2">
            This agent works on a real {KIND[domain]}.{' '}
            <Link
              to={`/${domain}` as never}
              search={{ new: '1' } as never}
              className="font-medium text-accent-ink underline underline-offset-2"
            >
              Begin one
            </Link>
          </p>
        ) : null}
        <Field
          label={isTask ? 'The job' : 'What it should know'}
          required={isTask}
          hint={isTask ? 'In plain words, 10 characters or more' : 'Optional, beside its material'}
        >
          {(props) => (
            <textarea
              {...props}
              className={TEXTAREA}
              maxLength={1000}
              value={input}
              placeholder={isTask ? EXAMPLE : ''}
              onChange={(event) => setInput(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap items-end gap-3">
          {isTask ? (
            <Field label="Text files for it" className="min-w-0 flex-1 basis-64">
              {(props) => (
                <input
                  {...props}
                  type="file"
                  multiple
                  accept=".csv,.tsv,.txt,.md,.json,.yaml,.yml,.html,.py,.ts,.js,.sql"
                  className="text-sm"
                  onChange={(event) =>
                    void Promise.all(
                      [...(event.target.files ?? [])].slice(0, 5).map(async (file) => ({
                        name: file.name,
                        text: await file.text(),
                      })),
                    ).then(setFiles)
                  }
                />
              )}
            </Field>
          ) : null}
          <Button type="submit" look="primary" icon={FlaskConical} busy={trial.isPending} disabled={missing}>
            Let it work
          </Button>
        </div>
      </form>
      {trial.error ? <ErrorPanel error={trial.error} title="The agent did not finish" /> : null}
      {trial.data ? <TriedResult tried={trial.data} /> : null}
    </>
  )
}
