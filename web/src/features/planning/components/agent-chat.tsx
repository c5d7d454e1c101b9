import { Link } from '@tanstack/react-router'
import { Send, WifiOff, Wrench } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { INPUT } from '../../../components/field.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Markdown } from '../../../components/markdown.tsx'
import { StateShape } from '../../../components/state-shape.tsx'
import { toastError } from '../../../components/toast.tsx'
import { formatDuration } from '../../../lib/format.ts'
import { useSessionActions } from '../api/sessions.ts'
import type { Connection } from '../api/use-agent-session.ts'
import { memberOf } from '../lib/agents.ts'
import { clock } from '../lib/dates.ts'
import { agentId, type LogItem, type Question } from '../lib/session-log.ts'
import { AgentFace } from './agent-panel.tsx'

type ChatProps = {
  eventId: string
  sessionId: string
  items: LogItem[]
  question: Question | undefined
  connection: Connection
  running: boolean
}

/** What the team says and does, in order; tool calls folded, one question at a time; stays at the end unless scrolled up. */
export function AgentChat({ eventId, sessionId, items, question, connection, running }: ChatProps) {
  const box = useRef<HTMLDivElement>(null)
  const stick = useRef(true)
  const top = useRef(0)
  const toEnd = useCallback(() => {
    if (stick.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows each new item
  useEffect(toEnd, [items, question])
  useEffect(() => {
    if (!box.current) return
    const sizes = new ResizeObserver(toEnd)
    sizes.observe(box.current)
    return () => sizes.disconnect()
  }, [toEnd])
  return (
    <section data-testid="agent-chat" aria-label="Chat with the team" className="flex min-h-0 flex-1 flex-col">
      <ConnectionBanner connection={connection} />
      <div
        ref={box}
        role="log"
        aria-label="Messages"
        aria-live="polite"
        tabIndex={0}
        onScroll={(event) => {
          // Only a person scrolls up: what came meanwhile moves the end away, not the place.
          const el = event.currentTarget
          if (el.scrollHeight - el.scrollTop - el.clientHeight < 40) stick.current = true
          else if (el.scrollTop < top.current) stick.current = false
          top.current = el.scrollTop
        }}
        className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-3 py-3"
      >
        {items.length === 0 ? <p className="m-auto text-sm text-ink-3">Nothing has been said yet.</p> : null}
        {items.map((item) =>
          item.kind === 'message' ? (
            <AgentMessage key={item.id} item={item} />
          ) : item.kind === 'tool' ? (
            <ToolCall key={item.id} item={item} />
          ) : (
            <p key={item.id} className="flex items-start gap-2 text-xs text-ink-2">
              <span className="mt-1" style={{ color: `var(--${item.tone}-ink)` }}>
                <StateShape tone={item.tone} size={9} />
              </span>
              <span className="min-w-0 flex-1 break-words">
                {item.text}
                {item.approvalId ? (
                  <>
                    {' '}
                    <Link
                      to={'/planning/approvals' as never}
                      search={{ approval: item.approvalId } as never}
                      className="font-medium text-accent-ink hover:underline"
                    >
                      Look at it
                    </Link>
                  </>
                ) : null}
              </span>
              <time className="tabular text-2xs text-ink-3">{item.at ? clock(item.at) : ''}</time>
            </p>
          ),
        )}
      </div>
      {question ? (
        <QuestionCard key={question.question_id} eventId={eventId} sessionId={sessionId} question={question} />
      ) : null}
      {running ? <Composer eventId={eventId} sessionId={sessionId} /> : null}
    </section>
  )
}

function ConnectionBanner({ connection }: { connection: Connection }) {
  if (connection === 'live' || connection === 'ended') return null
  const words = {
    connecting: 'Connecting to the team…',
    reconnecting: 'Connection lost. Coming back without a gap…',
    offline: 'No live connection. Reading again every 2 seconds.',
  }
  return (
    <p
      role="status"
      className="flex items-center gap-2 border-b border-line bg-waiting-soft px-3 py-1.5 text-xs text-waiting-ink"
    >
      <WifiOff size={13} aria-hidden="true" />
      {words[connection]}
    </p>
  )
}

/** One message with its speaker's name and colour. */
export function AgentMessage({ item }: { item: Extract<LogItem, { kind: 'message' }> }) {
  const own = item.role === 'user'
  const member = memberOf(agentId(item.agent ?? ''))
  const name = own ? 'You' : (item.agent ?? (item.role === 'system' ? 'System' : 'Team')).replace(/ Agent$/, '')
  return (
    <article
      data-testid="agent-message"
      data-state={item.streaming ? 'responding' : 'idle'}
      className={own ? 'ml-8' : undefined}
    >
      <header className="mb-1 flex items-center gap-1.5 text-xs">
        {own ? null : <AgentFace color={member?.color ?? 'var(--series-8)'} letter={name.slice(0, 1)} size={18} />}
        <span className="font-semibold">{name}</span>
        {item.streaming ? <span className="pulse-dot text-running-ink">responding…</span> : null}
        <time className="tabular ml-auto text-2xs text-ink-3">{item.at ? clock(item.at) : ''}</time>
      </header>
      <div
        className={
          own
            ? 'rounded-md bg-accent-soft px-3 py-2 text-sm whitespace-pre-wrap'
            : 'rounded-md border border-line bg-surface px-3 py-2 text-sm [overflow-wrap:anywhere]'
        }
      >
        {own ? item.text : <Markdown text={item.text} />}
      </div>
    </article>
  )
}

function ToolCall({ item }: { item: Extract<LogItem, { kind: 'tool' }> }) {
  return (
    <details className="rounded-md border border-line bg-sunken text-xs">
      <summary className="flex cursor-pointer items-center gap-2 px-2.5 py-1.5 text-ink-2">
        <Wrench size={12} aria-hidden="true" className="shrink-0" />
        <span className="min-w-0 flex-1 truncate font-mono">{item.tool}</span>
        <span className={item.error ? 'text-failed-ink' : 'text-ink-3'}>
          {item.error
            ? 'failed'
            : item.result === undefined
              ? 'running…'
              : item.ms === undefined
                ? 'done'
                : formatDuration(item.ms)}
        </span>
      </summary>
      <div className="flex flex-col gap-2 border-t border-line p-2">
        <JsonView value={item.args ?? {}} label={`${item.tool}: arguments`} maxHeight={140} />
        {item.error ? <p className="text-failed-ink">{item.error}</p> : null}
        {item.result === undefined ? null : (
          <JsonView value={item.result} label={`${item.tool}: result`} maxHeight={200} />
        )}
      </div>
    </details>
  )
}

function QuestionCard({ eventId, sessionId, question }: { eventId: string; sessionId: string; question: Question }) {
  const { answer } = useSessionActions(eventId, sessionId)
  const [text, setText] = useState('')
  const say = (value: string) =>
    answer.mutate(
      { id: question.question_id, answer: value },
      { onError: (error) => toastError('The answer was not taken', error) },
    )
  const options =
    question.options.length > 0 ? question.options : question.question_type === 'yes_no' ? ['Yes', 'No'] : []
  return (
    <section
      aria-label="Question from the team"
      className="mx-3 mb-3 rounded-md border border-waiting/50 bg-waiting-soft p-3"
    >
      <p className="mb-2 text-sm font-medium text-waiting-ink">
        {question.requesting_agent ? `${question.requesting_agent.replace(/ Agent$/, '')} asks: ` : ''}
        {question.prompt}
      </p>
      {options.length > 0 ? (
        <div className="mb-2 flex flex-wrap gap-2">
          {options.map((option) => (
            <Button
              key={option}
              size="sm"
              disabled={answer.isPending}
              onClick={() => say(option)}
              className="h-auto! min-h-7 py-1 text-left whitespace-normal!"
            >
              {option}
            </Button>
          ))}
        </div>
      ) : null}
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          say(text)
        }}
      >
        <input
          aria-label="Your answer"
          type={question.question_type === 'numeric' ? 'number' : 'text'}
          className={INPUT}
          placeholder="Leave empty: use your best judgment"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" look="primary" busy={answer.isPending}>
          Answer
        </Button>
      </form>
    </section>
  )
}

function Composer({ eventId, sessionId }: { eventId: string; sessionId: string }) {
  const { send } = useSessionActions(eventId, sessionId)
  const [text, setText] = useState('')
  return (
    <form
      className="flex gap-2 border-t border-line p-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() === '') return
        send.mutate(text.trim(), {
          onSuccess: () => setText(''),
          onError: (error) => toastError('The message was not sent', error),
        })
      }}
    >
      <input
        aria-label="Message to the team"
        className={INPUT}
        maxLength={10_000}
        placeholder="Tell the team something"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" icon={Send} aria-label="Send" busy={send.isPending} disabled={text.trim() === ''} />
    </form>
  )
}
