import { setTimeout as sleep } from 'node:timers/promises'
import type { MovieEvent, PendingDecision, WorkflowResponse } from '../../movies/schema.ts'
import type { Client } from '../client.ts'

const POLL_MS = 250
const words = (text: unknown) => String(text).replaceAll('_', ' ')

export type Answer = { choice: string; feedback?: string }
export type Watcher = {
  line(text: string): void
  progress(film: WorkflowResponse, doing: string): void
  /** null: somebody else decides, on the screens or over the API. */
  decide(decision: PendingDecision): Promise<Answer | null>
}

type Say = (data: Record<string, unknown>) => string | null
const SAID: Partial<Record<MovieEvent['type'], Say>> = {
  'workflow.state_changed': (d) => (d['skipped'] ? null : `\n▸ ${words(d['to'])}${d['loop'] ? ' again' : ''}`),
  'task.completed': (d) => `  ✓ ${words(d['task_type'])}${d['draft'] ? ' (draft)' : ''}`,
  'task.failed': (d) => `  ✗ ${words(d['task_type'])}: ${d['error']}`,
  'task.retrying': (d) => (d['error'] ? `  ↻ ${words(d['task_type'])}: ${d['error']}` : null),
  'workflow.decision_resolved': (d) =>
    `  ⚑ ${words(d['point'])}: ${words(d['choice'])}${d['automatic'] ? ' (by itself)' : ''}${d['feedback'] ? ` – ${d['feedback']}` : ''}`,
}

/** Tells what happens and puts decisions to the watcher until the workflow has ended. */
export async function followFilm(client: Client, id: string, watcher: Watcher): Promise<WorkflowResponse> {
  const path = `/api/v1/workflows/${id}`
  const tally = repeats((text) => watcher.line(text))
  let since = 0
  let asked = ''
  let doing = ''
  for (;;) {
    const page = await client.call<{ events: MovieEvent[]; last_sequence: number }>(
      'GET',
      `${path}/events?since=${since}&limit=1000`,
    )
    for (const event of page.events) {
      if (event.type === 'task.started') doing = words(event.data['task_type'])
      const text = SAID[event.type]?.(event.data)
      if (text) tally.say(text)
    }
    since = Math.max(since, page.events.at(-1)?.sequence ?? 0)
    const film = await client.call<WorkflowResponse>('GET', path)
    watcher.progress(film, doing)
    const ended = film.status === 'completed' || film.status === 'failed' || film.status === 'cancelled'
    if (ended && page.events.length === 0) {
      tally.end()
      return film
    }
    const decision = film.pending_decision
    if (decision && decision.decision_id !== asked) {
      tally.end()
      asked = decision.decision_id
      const answer = await watcher.decide(decision)
      if (answer) await client.call('POST', `${path}/decisions`, { decision_id: decision.decision_id, ...answer })
    }
    if (!ended) await sleep(POLL_MS)
  }
}

/** "✓ frames" a dozen times over is told once, with how many. */
function repeats(out: (text: string) => void) {
  let last = ''
  let count = 0
  const end = () => {
    if (count > 0) out(count === 1 ? last : `${last} × ${count}`)
    last = ''
    count = 0
  }
  return {
    say(text: string) {
      if (text !== last) end()
      last = text
      count++
    },
    end,
  }
}
