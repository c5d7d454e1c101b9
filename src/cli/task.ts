import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Decision } from '../kernel/decisions/schema.ts'
import type { GetTaskReply, ListApprovalsReply, TaskFilesReply } from '../tasks/schema.ts'
import { readArguments } from './arguments.ts'
import { type Client, createClient, UnreachableError } from './client.ts'
import { CliError, type Io, readJsonOption } from './io.ts'
import { downloadsOf, saveDownloads } from './task/files.ts'
import { drawProgress, printDownloads, printFailure, printResult } from './task/show-task.ts'

const HELP = `troupe task "what is to be done" [files …] [--out FOLDER] [--user NAME] [--input JSON] [--no-wait] [--json]

Submits a job with files, shows its steps while agents work, and prints the result and where its pages, charts and files are.
Ctrl-C leaves the job running. A server that is restarted meanwhile is waited for.

  --out FOLDER   download pages, charts and files into FOLDER
  --input JSON   input_data of the job, for example '{"timeout_seconds": 60}'
  --user NAME    whose job it is
  --no-wait      print the task id and end
  --json         print the whole task as JSON and nothing else

Exit codes: 0 completed, 1 failed, cancelled or refused, 2 wrong use.`

const POLL_MS = 250
const APPROVAL_EVERY = 8
const AWAY_MS = 120_000

async function submit(client: Client, description: string, files: readonly string[], fields: Record<string, string>) {
  const form = new FormData()
  form.set('description', description)
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  for (const file of files) {
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) throw new CliError(`no such file: ${file}`)
    form.append('files', await fs.openAsBlob(file), path.basename(file))
  }
  const response = await client.fetch('/tasks', { method: 'POST', body: form })
  const reply = (await response.json().catch(() => ({}))) as { task_id: string; detail?: string }
  if (!response.ok) throw new CliError(reply.detail ?? `${response.status} ${response.statusText}`, 1)
  return reply
}

/** Shows each change; at a terminal the lines are drawn over. */
function progressTeller(io: Io): (text: string) => void {
  let drawn = 0
  let last = ''
  return (full) => {
    // A line that wraps would be drawn over in part only.
    const width = (process.stderr.columns ?? 120) - 1
    const text = full
      .split('\n')
      .map((line) => line.slice(0, width))
      .join('\n')
    if (text === last) return
    last = text
    io.err(io.isTty && drawn > 0 ? `\u001b[${drawn}A\u001b[J${text}` : text)
    drawn = text.split('\n').length
  }
}

/** Names each tool call of this task that waits for a person, once. */
function approvalTeller(client: Client, id: string, say: (text: string) => void): () => Promise<void> {
  const told = new Set<string>()
  return async () => {
    const { approvals } = await client.call<ListApprovalsReply>('GET', '/approvals?status=pending')
    for (const one of approvals)
      if (one.task_id === id && !told.has(one.id)) {
        told.add(one.id)
        const { options } = await client.call<Pick<Decision, 'options'>>('GET', `/v1/decisions/${one.id}`)
        say(`? ${one.agent_id} asks to use ${one.tool}: npx troupe decisions answer ${one.id} approve`)
        say(`  ${options.map(({ id, label }) => `${id}: ${label.toLowerCase()}`).join(' · ')}`)
      }
  }
}

async function follow(client: Client, id: string, io: Io, isQuiet: boolean): Promise<GetTaskReply> {
  const show = progressTeller(io)
  const say = (text: string) => void (isQuiet || io.err(text))
  const askPerson = approvalTeller(client, id, say)
  let away: number | undefined
  for (let round = 1; ; round++) {
    try {
      const now = await client.call<GetTaskReply>('GET', `/tasks/${id}`)
      if (away !== undefined) say('The server is back.')
      away = undefined
      if (!isQuiet) show(drawProgress(now.task))
      if (['completed', 'failed', 'cancelled'].includes(now.task.status)) return now
      if (round % APPROVAL_EVERY === 0) await askPerson()
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error
      if (away === undefined) say('The server does not answer: waiting for it. The job goes on when it is back.')
      away ??= Date.now()
      if (Date.now() - away > AWAY_MS) throw error
    }
    await sleep(POLL_MS)
  }
}

/** `troupe task`: one job from the words to its result. */
export async function task(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    user: { type: 'string' },
    input: { type: 'string' },
    out: { type: 'string' },
    'no-wait': { type: 'boolean' },
  })
  const [description, ...files] = positionals
  if (values.help) {
    io.out(HELP)
    return 0
  }
  if (!description) throw new CliError('say what is to be done: troupe task "Calculate factorial of 10"')
  if (values.input) readJsonOption('input', String(values.input))
  const client = createClient(io)
  const reply = await submit(client, description, files, {
    ...(values.user ? { user_id: String(values.user) } : {}),
    ...(values.input ? { input_data: String(values.input) } : {}),
  })
  if (values['no-wait']) {
    io.out(values.json ? JSON.stringify(reply) : reply.task_id)
    return 0
  }
  const isQuiet = values.json === true
  const screen = `${client.base}/app/tasks/${reply.task_id}`
  if (!isQuiet) io.err(`${reply.task_id}  ${screen}`)
  const { task: done, subtask_results } = await follow(client, reply.task_id, io, isQuiet)
  const downloads = downloadsOf(done, await client.call<TaskFilesReply>('GET', `/tasks/${done.id}/files`))
  const saved = values.out ? await saveDownloads(client, downloads, String(values.out)) : []
  if (isQuiet) io.out(JSON.stringify(done))
  else if (done.status === 'completed') {
    const where = values.out
      ? [`Saved in ${values.out}`, ...saved.map((file) => `  ${path.relative(process.cwd(), file)}`)].join('\n')
      : printDownloads(downloads, client.base)
    io.out([printResult(done), [where, `All of it: ${screen}`].filter(Boolean).join('\n')].join('\n\n'))
  } else {
    const errors = new Map(subtask_results.flatMap((one) => (one.error ? [[one.subtask_id, one.error] as const] : [])))
    io.err(`${printFailure(done, errors)}\nSee and retry: ${screen}`)
  }
  return done.status === 'completed' ? 0 : 1
}
