import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Task } from '../tasks/schema.ts'
import { readArguments } from './arguments.ts'
import { createClient } from './client.ts'
import { CliError, type Io } from './io.ts'

const HELP = `troupe task "what is to be done" [files …] [--user NAME] [--input JSON] [--no-wait] [--json]

Submits a job, shows its progress, and prints the result. Ctrl-C leaves it running.
Exit codes: 0 completed, 1 failed or cancelled, 2 wrong use.`

const POLL_MS = 250
const MARK: Record<string, string> = {
  completed: '✓',
  failed: '✗',
  running: '●',
  queued: '○',
  pending: '·',
  blocked: '⊘',
  cancelled: '–',
}

function draw(task: Task): string {
  const lines = task.subtasks.map(
    (subtask) =>
      `  ${MARK[subtask.status]} ${subtask.description.slice(0, 70)}${subtask.assigned_agent ? `  (${subtask.assigned_agent})` : ''}${subtask.waiting_reason ? `  ${subtask.waiting_reason}` : ''}`,
  )
  return [`${task.status} ${Math.round(task.progress.percent)} %`, ...lines].join('\n')
}

export async function task(argv: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    user: { type: 'string' },
    input: { type: 'string' },
    'no-wait': { type: 'boolean' },
  })
  const [description, ...files] = positionals
  if (values.help) {
    io.out(HELP)
    return 0
  }
  if (!description) throw new CliError('say what is to be done: troupe task "Calculate factorial of 10"')
  const client = createClient(io)
  const form = new FormData()
  form.set('description', description)
  if (values.user) form.set('user_id', String(values.user))
  if (values.input) form.set('input_data', String(values.input))
  for (const file of files) {
    if (!fs.existsSync(file)) throw new CliError(`no such file: ${file}`)
    form.append('files', new Blob([fs.readFileSync(file)]), path.basename(file))
  }
  const response = await client.fetch('/tasks', { method: 'POST', body: form })
  const reply = (await response.json()) as { task_id: string; detail?: string }
  if (!response.ok) throw new CliError(reply.detail ?? response.statusText, 1)
  if (values['no-wait']) {
    io.out(values.json ? JSON.stringify(reply) : reply.task_id)
    return 0
  }
  if (!values.json) io.err(`${reply.task_id}  ${client.base}/app/tasks/${reply.task_id}`)
  const live = io.isTty && !values.json
  let drawn = 0
  let last = ''
  for (;;) {
    const { task: now } = await client.call<{ task: Task }>('GET', `/tasks/${reply.task_id}`)
    const text = draw(now)
    if (text !== last && !values.json) {
      if (live && drawn > 0) io.err(`\u001b[${drawn}A\u001b[J${text}`)
      else if (live || now.status !== 'in_progress' || last === '') io.err(text)
      drawn = text.split('\n').length
      last = text
    }
    if (now.status === 'completed' || now.status === 'failed' || now.status === 'cancelled') {
      if (values.json) io.out(JSON.stringify(now))
      else if (now.result)
        io.out(
          [
            now.result.summary,
            JSON.stringify(now.result.data, null, 2),
            ...now.result.files.map((file) => `file: ${file}`),
          ].join('\n'),
        )
      else io.err(now.error ?? now.status)
      return now.status === 'completed' ? 0 : 1
    }
    await sleep(POLL_MS)
  }
}
