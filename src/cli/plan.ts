import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse as parseYaml } from 'yaml'
import type { AgentSession, Approval, EventBrief } from '../planning/schema.ts'
import { readArguments } from './arguments.ts'
import { createClient } from './client.ts'
import { CliError, type Io } from './io.ts'
import { type Ask, approvalText, askApproval, askQuestion, terminalAsk, type Verdict } from './plan/ask-person.ts'
import { progressTeller } from './plan/show-progress.ts'

const HELP = `troupe plan FILE.yaml [--approve] [--out FOLDER] [--level LEVEL] [--target PHASE] [--mode MODE] [--json]

Creates the event of the file, lets the agents plan it, shows their progress, and writes the plan and its exports.
It stops where a person must decide and asks here, when this is a terminal, or names the screen; --approve says yes to everything and lets the
agents decide what they ask. MODE is autonomous, collaborative or interactive.
Exit codes: 0 planned, 1 failed, 2 wrong use, 3 left open for later.`

const POLL_MS = 200
const EXPORTS: readonly [name: string, url: string][] = [
  ['programme.ics', 'calendar.ics'],
  ['budget.xlsx', 'exports/budget.xlsx'],
  ['budget.csv', 'export/budget'],
  ['tasks.csv', 'export/tasks'],
  ['run-of-show.pdf', 'exports/run-of-show.pdf'],
]

type PlanFile = { event: Record<string, unknown>; run?: Record<string, unknown> }

function readFile(file: string): PlanFile {
  if (!fs.existsSync(file)) throw new CliError(`no such file: ${file}`)
  const content = parseYaml(fs.readFileSync(file, 'utf8'), { schema: 'core' }) as PlanFile | null
  if (!content || typeof content !== 'object' || !content.event)
    throw new CliError(
      `${file} needs an "event:" with title, dates, audience_size, event_type, objectives, constraints`,
    )
  return content
}

type Message = { agent_name?: string | null; role: string; content: string; metadata?: Record<string, unknown> }

/** Plans an event from a file. `ask` is who sits at the terminal; nobody is asked with --approve or --json. */
export async function plan(argv: string[], io: Io, ask: Ask | undefined = terminalAsk()): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    approve: { type: 'boolean' },
    out: { type: 'string' },
    level: { type: 'string' },
    target: { type: 'string' },
    mode: { type: 'string' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const [file] = positionals
  if (!file) throw new CliError('name a plan file: troupe plan examples/meetup-20.yaml')
  const { event, run = {} } = readFile(file)
  const client = createClient(io)
  const say = (text: string) => {
    if (!values.json) io.err(text)
  }
  const made = await client.call<EventBrief>('POST', '/api/event-briefs', event)
  say(`${made.id}  ${client.base}/app/planning/${made.id}`)
  const started = await client.call<{ session_id: string }>('POST', '/api/agents/orchestrate', {
    instruction_level: 'Beginner',
    ...run,
    ...(values.level ? { instruction_level: values.level } : {}),
    ...(values.target ? { target_phase: values.target } : {}),
    ...(values.mode ? { interaction_mode: values.mode } : {}),
    event_brief_id: made.id,
  })
  const path = `/api/agents/sessions/${started.session_id}`
  const tell = progressTeller(say)
  const human = values.approve || values.json ? undefined : ask
  const later = new Set<string>()
  let shown = 0
  let told = ''
  let engine = ''
  for (;;) {
    const session = await client.call<AgentSession>('GET', path)
    const page = await client.call<{ messages: Message[] }>('GET', `${path}/messages?limit=200&offset=${shown}`)
    shown += page.messages.length
    if (session.engine !== engine) {
      engine = session.engine
      say(
        engine === 'rules'
          ? 'Without a model: the rules engine plans.'
          : 'With a model; the rules engine fills in where it fails.',
      )
    }
    tell(session)
    for (const { agent_name, role, content } of page.messages)
      if (role !== 'user') say(`    ${agent_name ?? role}: ${content}`)
    if (session.status !== 'in_progress') {
      // What the last stretch left open holds up nothing here, but the day itself.
      if (session.status === 'completed' && values.approve) await approvePending(client, made.id, say)
      else if (session.status === 'completed' && human) await decideHere(client, human, made.id, later, say)
      return finish(client, io, say, made, session, values)
    }
    const waits = session.waiting_on
    if (waits?.kind === 'approval') {
      if (values.approve) await approvePending(client, made.id, say)
      else if (human && !(await decideHere(client, human, made.id, later, say))) {
        say(
          `Left open: ${[...later].join(', ')}. Decide on ${client.base}/app/planning/approvals; the session goes on then.`,
        )
        return 3
      } else if (!human && told !== waits.id) {
        told = waits.id
        say(
          `Waits for an approval: ${client.base}/app/planning/approvals (${waits.id}). With --approve it is given here.`,
        )
      }
    } else if (waits?.kind === 'question') {
      const url = `${path}/questions/${waits.id}/answer`
      if (values.approve) {
        await client.call('POST', url, { answer: '' })
        say('answered: continue with your best judgement')
      } else if (human) {
        const asked = page.messages.find(({ metadata }) => metadata?.['question_id'] === waits.id)
        const options = asked?.metadata?.['options'] as string[] | undefined
        await client.call('POST', url, {
          answer: await askQuestion(human, { prompt: asked?.content ?? 'The agent asks', options }),
        })
      } else if (told !== waits.id) {
        told = waits.id
        say(`Waits for an answer: POST ${client.base}${url} {"answer": "…"}`)
      }
    }
    await sleep(POLL_MS)
  }
}

type Client = ReturnType<typeof createClient>
const openOf = async (client: Client, eventId: string): Promise<Approval[]> =>
  (await client.call<Approval[]>('GET', `/api/approvals/pending?event_brief_id=${eventId}`)).filter(
    (one) => one.event_brief_id === eventId,
  )
const decide = (client: Client, approval: Approval, verdict: NonNullable<Verdict>) =>
  client.call('POST', `/api/approvals/${approval.approval_id}`, verdict)

/** Puts what is pending to the person at the terminal; false when all that is left was put off. */
async function decideHere(
  client: Client,
  ask: Ask,
  eventId: string,
  later: Set<string>,
  say: (text: string) => void,
): Promise<boolean> {
  const open = (await openOf(client, eventId)).filter(({ approval_id }) => !later.has(approval_id))
  for (const approval of open) {
    const verdict = await askApproval(ask, approval)
    if (!verdict) {
      later.add(approval.approval_id)
      continue
    }
    await decide(client, approval, verdict)
    say(`${verdict.decision}: ${approval.approval_type} ${approval.artifact_id}`)
  }
  return open.some(({ approval_id }) => !later.has(approval_id))
}

async function approvePending(client: Client, eventId: string, say: (text: string) => void): Promise<void> {
  for (const approval of await openOf(client, eventId)) {
    await decide(client, approval, { decision: 'approved', comments: 'approved with troupe plan --approve' })
    say(`approved: ${approvalText(approval)}`)
  }
}

async function finish(
  client: Client,
  io: Io,
  say: (text: string) => void,
  event: EventBrief,
  session: AgentSession,
  values: { out?: string | undefined; json?: boolean | undefined },
): Promise<number> {
  if (session.status !== 'completed') {
    io.err(`The session ${session.status}: ${session.errors.join('; ') || 'no reason given'}`)
    return 1
  }
  const folder = path.resolve(values.out ?? path.join('output', event.id))
  fs.mkdirSync(folder, { recursive: true })
  const { plan: text } = await client.call<{ plan: string }>('GET', `/api/agents/sessions/${session.session_id}/plan`)
  fs.writeFileSync(path.join(folder, 'plan.md'), text)
  const files = ['plan.md']
  for (const [name, url] of EXPORTS) {
    const response = await client.fetch(`/api/event-briefs/${event.id}/${url}`)
    if (!response.ok) {
      say(`${name} is left out: ${response.status}`)
      continue
    }
    fs.writeFileSync(path.join(folder, name), Buffer.from(await response.arrayBuffer()))
    files.push(name)
  }
  const pending = await openOf(client, event.id)
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
