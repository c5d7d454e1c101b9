import fs from 'node:fs'
import path from 'node:path'
import type { AgentSession, Approval, EventBrief } from '../../planning/schema.ts'
import type { Client } from '../client.ts'
import type { Io } from '../io.ts'

const EXPORTS: readonly [name: string, url: string][] = [
  ['plan.md', 'exports/plan.md'], // as it is now: what was decided after the run is in it
  ['programme.ics', 'calendar.ics'],
  ['budget.xlsx', 'exports/budget.xlsx'],
  ['budget.csv', 'export/budget'],
  ['tasks.csv', 'export/tasks'],
  ['run-of-show.pdf', 'exports/run-of-show.pdf'],
]

/** What waits for a decision about this event. */
export const openApprovals = async (client: Client, eventId: string): Promise<Approval[]> =>
  (await client.call<Approval[]>('GET', `/api/approvals/pending?event_brief_id=${eventId}`)).filter(
    (one) => one.event_brief_id === eventId,
  )

type Ended = {
  client: Client
  io: Io
  say: (text: string) => void
  event: EventBrief
  session: AgentSession
  values: { out?: string | undefined; json?: boolean | undefined }
}

/** Writes the plan and its exports into the folder and says what is open; the exit code. */
export async function takeResults({ client, io, say, event, session, values }: Ended): Promise<number> {
  if (session.status !== 'completed') {
    io.err(`The session ${session.status}: ${session.errors.join('; ') || 'no reason given'}`)
    return 1
  }
  const folder = path.resolve(values.out ?? path.join('output', event.id))
  fs.mkdirSync(folder, { recursive: true })
  const files: string[] = []
  for (const [name, url] of EXPORTS) {
    const response = await client.fetch(`/api/event-briefs/${event.id}/${url}`)
    if (!response.ok) {
      say(`${name} is left out: ${response.status}`)
      continue
    }
    fs.writeFileSync(path.join(folder, name), Buffer.from(await response.arrayBuffer()))
    files.push(name)
  }
  if (session.without_model.length > 0)
    say(
      `Made without the model: ${session.without_model.map(({ agent_name, task }) => `${agent_name} (${task})`).join(', ')}`,
    )
  const pending = await openApprovals(client, event.id)
  if (pending.length > 0)
    say(
      `${pending.length} approval${pending.length > 1 ? 's' : ''} open: ${pending.map((one) => one.approval_type).join(', ')}`,
    )
  if (values.json)
    io.out(
      JSON.stringify({
        event_brief_id: event.id,
        session_id: session.session_id,
        lifecycle_state: session.lifecycle_state,
        folder,
        files,
        pending: pending.map((one) => one.approval_id),
      }),
    )
  else
    io.out(
      `${session.lifecycle_state}${session.partial ? ' (parts are missing)' : ''}: ${files.map((name) => path.join(folder, name)).join(', ')}`,
    )
  return 0
}
