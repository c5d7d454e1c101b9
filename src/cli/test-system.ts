import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Task } from '../tasks/schema.ts'
import { readArguments } from './arguments.ts'
import { type Client, createClient } from './client.ts'
import { CliError, type Io } from './io.ts'
import { printTable } from './print-table.ts'

const HELP = `troupe test-system [--json]

Submits three jobs to the running server, waits for them, compares their results with what they must be, and checks that more
than one agent worked. Prints a table. Exit code 1 when one is wrong or takes more than 60 s.`

const JOBS: readonly { description: string; expected: Record<string, unknown> }[] = [
  { description: 'Calculate factorial of 10', expected: { factorial_10: 3628800 } },
  {
    description: 'Calculate factorial of 5 and calculate fibonacci of 10 independently',
    expected: { factorial_5: 120, fibonacci_10: 55 },
  },
  {
    description: 'Calculate sum of 1 to 10, then calculate product of 1 to 5, then combine results',
    expected: { sum_1_10: 55, product_1_5: 120 },
  },
]
const POLL_MS = 200
const PATIENCE_MS = 60_000

type Outcome = {
  task_id: string
  job: string
  status: string
  agents: string[]
  seconds: number | null
  ok: boolean
  why: string
}

async function ended(client: Client, id: string, deadline: number): Promise<Task> {
  for (;;) {
    const { task } = await client.call<{ task: Task }>('GET', `/tasks/${id}`)
    if (['completed', 'failed', 'cancelled'].includes(task.status) || Date.now() > deadline) return task
    await sleep(POLL_MS)
  }
}

function judge(task: Task, { description, expected }: (typeof JOBS)[number]): Outcome {
  const data = (task.result?.data ?? {}) as Record<string, unknown>
  const wrong = Object.entries(expected).filter(([key, value]) => !isDeepStrictEqual(data[key], value))
  const why =
    task.status !== 'completed'
      ? (task.error ?? `still ${task.status} after 60 s`)
      : wrong
          .map(([key, value]) => `${key} is ${JSON.stringify(data[key])} instead of ${JSON.stringify(value)}`)
          .join(', ')
  return {
    task_id: task.id,
    job: description,
    status: task.status,
    agents: [...new Set(task.subtasks.flatMap(({ assigned_agent }) => assigned_agent ?? []))].sort(),
    seconds: task.result?.wall_time ?? null,
    ok: why === '',
    why,
  }
}

export async function testSystem(argv: string[], io: Io): Promise<number> {
  const { values } = readArguments(argv, {})
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const client = createClient(io)
  const deadline = Date.now() + PATIENCE_MS
  const ids: string[] = []
  for (const { description } of JOBS)
    ids.push((await client.call('POST', '/tasks', { description, user_id: 'test-system' })).task_id)
  const outcomes: Outcome[] = []
  for (const [at, id] of ids.entries()) outcomes.push(judge(await ended(client, id, deadline), JOBS[at]!))
  const agents = new Set(outcomes.flatMap((outcome) => outcome.agents))
  const ok = outcomes.every((outcome) => outcome.ok) && agents.size > 1
  if (values.json) io.out(JSON.stringify({ ok, agents: [...agents], tasks: outcomes }))
  else
    io.out(
      printTable(
        ['', 'TASK', 'STATUS', 'SECONDS', 'AGENTS', 'JOB'],
        outcomes.map((one) => [
          one.ok ? '✓' : '✗',
          one.task_id,
          one.status,
          one.seconds?.toFixed(2),
          one.agents.join(' '),
          one.why || one.job,
        ]),
      ),
    )
  if (!ok && !values.json)
    throw new CliError(
      agents.size > 1 ? 'not every job came out right' : `only ${agents.size} agent worked: are the others registered?`,
      1,
    )
  return ok ? 0 : 1
}
