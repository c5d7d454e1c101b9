import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse as parseYaml } from 'yaml'
import type { AgentSession, Approval, EventBrief } from '../planning/schema.ts'
import { readArguments } from './arguments.ts'
import { type Client, createClient } from './client.ts'
import { CliError, type Io } from './io.ts'
import { type Ask, approvalText, askApproval, askQuestion, type Verdict } from './plan/ask-person.ts'
import { type Person, personHere } from './plan/person.ts'
import { progressTeller } from './plan/show-progress.ts'
import { openApprovals, takeResults } from './plan/take-results.ts'

const HELP = `troupe plan FILE.yaml [--approve | --ask] [--out FOLDER] [--level LEVEL] [--target PHASE] [--mode MODE] [--json]

Creates the event of the file, lets the agents plan it, shows their progress, and writes the plan and its exports.
It stops where a person must decide and asks here, when this is a terminal, or names the screen; --approve says yes to everything and lets the
agents decide what they ask. --ask reads the answers line by line from the standard input, terminal or not; when it ends, the rest stays open. MODE is autonomous, collaborative or interactive.
Exit codes: 0 planned, 1 failed, 2 wrong use, 3 left open for later.`

const POLL_MS = 200
type PlanFile = { event: Record<string, unknown>; run?: Record<string, unknown> }

function parsed(file: string): PlanFile | null {
  try {
    return parseYaml(fs.readFileSync(file, 'utf8'), { schema: 'core' }) as PlanFile | null
  } catch (error) {
    throw new CliError(`${file} is not YAML: ${(error as Error).message.split('\n')[0]}`)
  }
}

function readFile(file: string): PlanFile {
  if (!fs.existsSync(file)) throw new CliError(`no such file: ${file}`)
  const content = parsed(file)
  if (!content || typeof content !== 'object' || !content.event)
    throw new CliError(
      `${file} needs an "event:" with title, dates, audience_size, event_type, objectives, constraints`,
    )
  return content
}

type Message = { agent_name?: string | null; role: string; content: string; metadata?: Record<string, unknown> }

/** Plans an event from a file. Nobody is asked with --approve, nor with --json alone. */
export async function plan(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    approve: { type: 'boolean' },
    ask: { type: 'boolean' },
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
  if (values.approve && values.ask) throw new CliError('--approve and --ask exclude each other: who decides?')
  const person = values.approve || (values.json && !values.ask) ? undefined : personHere(values.ask ?? false)
  try {
    return await follow({ event, run, values, io, person })
  } finally {
    person?.leave()
  }
}

type Following = {
  event: Record<string, unknown>
  run: Record<string, unknown>
  values: {
    approve?: boolean | undefined
    out?: string | undefined
    level?: string | undefined
    target?: string | undefined
    mode?: string | undefined
    json?: boolean | undefined
  }
  io: Io
  person: Person | undefined
}

async function follow({ event, run, values, io, person }: Following): Promise<number> {
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
  const human = person?.ask
  const later = new Set<string>()
  const questions = new Map<string, Message>()
  let shown = 0
  let told = ''
  let engine = ''
  for (;;) {
    const session = await client.call<AgentSession>('GET', path)
    const page = await client.call<{ messages: Message[] }>('GET', `${path}/messages?limit=200&offset=${shown}`)
    shown += page.messages.length
    for (const message of page.messages)
      if (message.metadata?.['question_id']) questions.set(String(message.metadata['question_id']), message)
    if (session.engine !== engine) {
      engine = session.engine
      say(
        engine === 'rules'
          ? 'Without a model: the rules engine plans.'
          : 'With a model; the rules engine fills in where it fails.',
      )
    }
    tell(session)
    for (const { agent_name, role, content, metadata } of page.messages)
      if (role !== 'user' && !(human && metadata?.['question_id'])) say(`    ${agent_name ?? role}: ${content}`)
    if (session.status !== 'in_progress') {
      // What the last stretch left open holds up nothing here, but the day itself.
      if (session.status === 'completed' && values.approve) await approvePending(client, made.id, say)
      else if (session.status === 'completed' && human) await decideHere(client, human, made.id, later, say)
      return takeResults({ client, io, say, event: made, session, values })
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
        const asked = questions.get(waits.id)
        const options = asked?.metadata?.['options'] as string[] | undefined
        const answer = await askQuestion(human, { prompt: asked?.content ?? 'The agent asks', options })
        if (answer === null) {
          say(`Left open: ${waits.id}. Answer on ${client.base}/app/planning/${made.id}; the session goes on then.`)
          return 3
        }
        await client.call('POST', url, { answer })
      } else if (told !== waits.id) {
        told = waits.id
        say(`Waits for an answer: POST ${client.base}${url} {"answer": "…"}`)
      }
    }
    await sleep(POLL_MS)
  }
}

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
  const open = (await openApprovals(client, eventId)).filter(({ approval_id }) => !later.has(approval_id))
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
  for (const approval of await openApprovals(client, eventId)) {
    await decide(client, approval, { decision: 'approved', comments: 'approved with troupe plan --approve' })
    say(`approved: ${approvalText(approval)}`)
  }
}
