import { Link } from '@tanstack/react-router'
import { CirclePlay, Pause, RotateCw, Square } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { useHealth, useSessionActions, useSessions } from '../api/sessions.ts'
import { useAgentSession } from '../api/use-agent-session.ts'
import { bandOf } from '../lib/change-preview.ts'
import type { AgentLive } from '../lib/session-log.ts'
import { type EventBrief, LEVELS, MODES, STATES, TARGETS } from '../types.ts'
import { AgentChat } from './agent-chat.tsx'
import { AgentStatusPanel } from './agent-panel.tsx'
import { MadeBy } from './made-by.tsx'

/** The team at work on one event: who does what, what is said, the question that waits; or the start of a run. */
export function TeamPanel({
  brief,
  sessionId,
  onSession,
}: {
  brief: EventBrief
  sessionId: string | undefined
  onSession: (id: string) => void
}) {
  const { data, error, refetch } = useSessions(brief.id)
  const [starting, setStarting] = useState(false)
  if (error)
    return (
      <div className="p-3">
        <ErrorPanel error={error} title="The runs could not be read" onRetry={() => void refetch()} />
      </div>
    )
  if (!data)
    return (
      <div className="p-3">
        <Skeleton rows={6} />
      </div>
    )
  const current = sessionId ?? data.data[0]?.session_id
  const canStart = STATES.indexOf(brief.lifecycle_state) < STATES.indexOf('Execute')
  if (!current || starting)
    return (
      <div className="flex flex-col gap-4 overflow-y-auto p-3">
        {canStart ? (
          <StartRun
            brief={brief}
            onStarted={(id) => {
              setStarting(false)
              onSession(id)
            }}
            {...(current ? { onCancel: () => setStarting(false) } : {})}
          />
        ) : (
          <p className="text-sm text-ink-2">
            The team has nothing left to plan: the event is in {brief.lifecycle_state}.
          </p>
        )}
        <AgentStatusPanel agents={{}} />
      </div>
    )
  return (
    <>
      {data.data.length > 1 ? (
        <label className="flex items-center gap-2 border-b border-line px-3 py-2 text-xs text-ink-2">
          Run
          <select
            className="h-7 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-1.5 text-xs"
            value={current}
            onChange={(event) => onSession(event.target.value)}
          >
            {data.data.map((one, i) => (
              <option key={one.session_id} value={one.session_id}>
                {data.data.length - i}. to {one.target_phase}, {one.instruction_level}, {one.status.replace('_', ' ')}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <RunningSession
        key={current}
        brief={brief}
        sessionId={current}
        onAgain={canStart ? () => setStarting(true) : undefined}
      />
    </>
  )
}

function RunningSession({
  brief,
  sessionId,
  onAgain,
}: {
  brief: EventBrief
  sessionId: string
  onAgain: (() => void) | undefined
}) {
  const live = useAgentSession(sessionId)
  const health = useHealth()
  const { cancel, retry, hold } = useSessionActions(brief.id, sessionId)
  if (live.error && !live.session)
    return (
      <div className="p-3">
        <ErrorPanel error={live.error} title="The run could not be read" />
      </div>
    )
  if (!live.session)
    return (
      <div className="p-3">
        <Skeleton rows={6} />
      </div>
    )
  const session = live.session
  const modelless = health.data?.model_configured === false
  const running = session.status === 'in_progress'
  const failed = session.status === 'failed' || session.partial
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-2 border-b border-line p-3">
        <div className="flex flex-wrap items-center gap-2">
          <span role="status">
            <Chip
              status={session.paused ? 'paused' : session.waiting_on ? 'waiting' : session.status}
              word={session.paused ? 'Paused' : sessionWord(session.status, session.waiting_on?.kind, session.partial)}
            />
          </span>
          <span className="ml-auto flex gap-1">
            {running ? (
              <Button
                size="sm"
                look="quiet"
                icon={session.paused ? CirclePlay : Pause}
                aria-label={session.paused ? 'Let the run go on' : 'Pause the run'}
                busy={hold.isPending}
                onClick={() =>
                  hold.mutate(!session.paused, { onError: (error) => toastError('Nothing was changed', error) })
                }
              />
            ) : null}
            {running ? (
              <Confirm
                title="Cancel this run?"
                action="Cancel the run"
                danger
                onConfirm={() =>
                  cancel.mutate(undefined, {
                    onSuccess: () => toast({ tone: 'paused', title: 'The run was cancelled' }),
                    onError: (error) => toastError('The run goes on', error),
                  })
                }
                trigger={(ask) => (
                  <Button size="sm" look="quiet" icon={Square} aria-label="Cancel the run" onClick={ask} />
                )}
              >
                What the team has written stays. A new run can begin at any time.
              </Confirm>
            ) : null}
            {failed ? (
              <Button
                size="sm"
                icon={RotateCw}
                busy={retry.isPending}
                onClick={() =>
                  retry.mutate(undefined, { onError: (error) => toastError('The run was not tried again', error) })
                }
              >
                Try again
              </Button>
            ) : null}
            {!running && onAgain ? (
              <Button size="sm" icon={CirclePlay} onClick={onAgain}>
                New run
              </Button>
            ) : null}
          </span>
        </div>
        <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
          to {session.target_phase} · {session.instruction_level}
          <MadeBy session={session} modelless={modelless} />
        </p>
        {session.waiting_on?.kind === 'approval' ? (
          <Link
            to={'/planning/approvals' as never}
            search={{ approval: session.waiting_on.id } as never}
            className="text-sm font-medium text-waiting-ink underline underline-offset-2"
          >
            The team waits for your approval
          </Link>
        ) : null}
        {session.errors?.map((problem) => (
          <p key={problem} className="text-xs break-words text-failed-ink">
            {problem}
          </p>
        ))}
        {running || someFailed(live.agents) ? (
          <AgentStatusPanel agents={running ? live.agents : onlyFailed(live.agents)} />
        ) : null}
      </div>
      <AgentChat
        eventId={brief.id}
        sessionId={sessionId}
        items={live.items}
        question={live.question}
        connection={live.connection}
        running={running}
      />
    </div>
  )
}

const someFailed = (agents: Record<string, AgentLive>) => Object.values(agents).some(({ state }) => state === 'error')
/** Once a run is over nobody is at work any more and the talk has the room; who failed stays marked. */
const onlyFailed = (agents: Record<string, AgentLive>) =>
  Object.fromEntries(Object.entries(agents).filter(([, agent]) => agent.state === 'error'))

const sessionWord = (status: string, waiting: string | undefined, partial: boolean | undefined) =>
  status === 'in_progress'
    ? waiting === 'approval'
      ? 'Waiting for approval'
      : waiting === 'question'
        ? 'Waiting for an answer'
        : 'At work'
    : status === 'completed' && partial
      ? 'Completed in part'
      : status.charAt(0).toUpperCase() + status.slice(1)

type StartProps = { brief: EventBrief; onStarted: (id: string) => void; onCancel?: () => void }

function StartRun({ brief, onStarted, onCancel }: StartProps) {
  const { start } = useSessionActions(brief.id, '')
  const band = bandOf(brief.audience_size)
  const targets = TARGETS.filter((target) => STATES.indexOf(target) > STATES.indexOf(brief.lifecycle_state))
  const [level, setLevel] = useState(band.level)
  const [target, setTarget] = useState<string>(targets.includes('Confirm') ? 'Confirm' : (targets.at(-1) ?? 'Execute'))
  const [mode, setMode] = useState('autonomous')
  const pick = (
    label: string,
    value: string,
    set: (value: string) => void,
    values: readonly string[],
    hint?: string,
  ) => (
    <label className="flex flex-col gap-1 text-xs font-medium text-ink-2">
      {label}
      <select
        className="h-8 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink"
        value={value}
        onChange={(event) => set(event.target.value)}
      >
        {values.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      {hint ? <span className="font-normal text-ink-3">{hint}</span> : null}
    </label>
  )
  return (
    <form
      aria-label="Start the team"
      className="flex flex-col gap-3 rounded-md border border-line bg-surface p-3"
      onSubmit={(event) => {
        event.preventDefault()
        start.mutate(
          { instruction_level: level, target_phase: target, interaction_mode: mode },
          { onSuccess: (reply) => onStarted(reply.session_id) },
        )
      }}
    >
      <p className="text-sm font-semibold">Let the team plan this event</p>
      {pick('Depth', level, setLevel, LEVELS, `${brief.audience_size} people: ${band.level} is suggested`)}
      {pick('Plan as far as', target, setTarget, targets)}
      {pick('How much to ask', mode, setMode, MODES, MODE_HINT[mode])}
      {start.error ? <ErrorPanel error={start.error} title="The team did not start" /> : null}
      <div className="flex justify-end gap-2">
        {onCancel ? <Button onClick={onCancel}>Back</Button> : null}
        <Button type="submit" look="primary" icon={CirclePlay} busy={start.isPending}>
          Start the team
        </Button>
      </div>
    </form>
  )
}

const MODE_HINT: Record<string, string> = {
  autonomous: 'Decides and explains; asks only what it cannot infer.',
  collaborative: 'Offers two or three options with their trade-offs.',
  interactive: 'Shows every choice and waits for you.',
}
