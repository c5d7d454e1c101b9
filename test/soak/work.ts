// Work of every domain whose right result is known: started over HTTP, moved on (a person's answers), and looked at when it has ended.
import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { type Client, Refusal } from './client.ts'

export type Job = { kind: string; n: number; id: string; more: Record<string, any> }
export type Kind = {
  name: string
  start(client: Client, n: number): Promise<Job>
  /** Answers what waits for a person; true when the job has ended. */
  advance(client: Client, job: Job): Promise<boolean>
  /** What is not as it must be; empty when all is right. */
  problems(client: Client, job: Job): Promise<string[]>
}

const root = path.resolve(import.meta.dirname, '../..')
const example = (name: string) => parse(fs.readFileSync(path.join(root, 'examples', `${name}.yaml`), 'utf8'))
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const expect = (problems: string[], what: string, seen: unknown, wanted: unknown) => {
  if (JSON.stringify(seen) !== JSON.stringify(wanted))
    problems.push(`${what} is ${JSON.stringify(seen)}, wanted ${JSON.stringify(wanted)}`)
}

/** Steps of a job, each the factorial of a number that depends on the job. */
export const taskKind = (steps = 4): Kind => ({
  name: 'tasks',
  async start(client, n) {
    const numbers = Array.from({ length: steps }, (_, i) => 3 + ((n * 7 + i * 5) % 15))
    const description = numbers.map((one, i) => `${i + 1}. Calculate factorial of ${one}`).join('\n')
    const { task_id: id } = await client.call('POST', '/tasks', { description }, `task-${n}`)
    return { kind: 'tasks', n, id, more: { numbers } }
  },
  async advance(client, { id }) {
    const { task } = await client.call('GET', `/tasks/${id}`)
    return ['completed', 'failed', 'cancelled'].includes(task.status)
  },
  async problems(client, { id, more }) {
    const { task, subtask_results } = await client.call('GET', `/tasks/${id}`)
    const problems: string[] = []
    expect(problems, 'status', task.status, 'completed')
    expect(problems, 'results', subtask_results.length, steps)
    for (const one of more['numbers'] as number[])
      expect(problems, `factorial_${one}`, task.result?.data?.[`factorial_${one}`], factorial(one))
    return problems
  },
})

/** By turns a meetup, and a conference whose approvals a person gives. */
export const planningKind = (): Kind => {
  const plans = [example('meetup-20'), example('conference-200')]
  return {
    name: 'planning',
    async start(client, n) {
      const { event, run } = plans[n % 2]
      const brief = { ...event, title: `Soak event ${n}` }
      const { id } = await client.call('POST', '/api/event-briefs', brief, `brief-${n}`)
      const body = { event_brief_id: id, ...run }
      const { session_id } = await client.call('POST', '/api/agents/orchestrate', body, `session-${n}`)
      return { kind: 'planning', n, id: session_id, more: { brief: id, phase: run.target_phase } }
    },
    async advance(client, { id, more }) {
      const body = await client.call('GET', `/api/agents/sessions/${id}`)
      if (body.status !== 'in_progress') return true
      if (body.waiting_on?.kind === 'approval')
        for (const one of await client.call('GET', '/api/approvals/pending'))
          if (one.event_brief_id === more['brief'])
            await client
              .call('POST', `/api/approvals/${one.approval_id}`, { decision: 'approved', comments: 'soak' })
              .catch((error) => {
                // Answered before: the answer to the first call was lost with its server.
                if (!(error instanceof Refusal && error.status === 409)) throw error
              })
      return false
    },
    async problems(client, { id, more }) {
      const problems: string[] = []
      const session = await client.call('GET', `/api/agents/sessions/${id}`)
      expect(problems, 'status', session.status, 'completed')
      expect(problems, 'partial', session.partial ?? false, false)
      const brief = await client.call('GET', `/api/event-briefs/${more['brief']}`)
      expect(problems, 'state of the brief', brief.lifecycle_state, more['phase'])
      const names = (session.artifacts_generated as any[]).map((ref) => `${ref.artifact_id}@${ref.version}`)
      expect(problems, 'artifacts named twice', names.length - new Set(names).size, 0)
      return problems
    },
  }
}

/** A short film that decides for itself. */
export const movieKind = (seconds = 12): Kind => ({
  name: 'movies',
  async start(client, n) {
    const body = {
      project_id: `soak-${n}`,
      workflow_type: 'movie_creation',
      title: `Soak film ${n}`,
      description: `Keeper ${n} hears a voice from an empty station.`,
      target_duration: seconds,
      custom_parameters: { decision_mode: 'auto' },
    }
    const { workflow_id: id } = await client.call('POST', '/api/v1/workflows', body, `film-${n}`)
    return { kind: 'movies', n, id, more: {} }
  },
  async advance(client, { id }) {
    const { status } = await client.call('GET', `/api/v1/workflows/${id}`)
    return ['completed', 'failed', 'cancelled'].includes(status)
  },
  async problems(client, { id, n }) {
    const problems: string[] = []
    const film = await client.call('GET', `/api/v1/workflows/${id}`)
    expect(problems, 'status', film.status, 'completed')
    expect(problems, 'project', film.project_id, `soak-${n}`)
    if (film.status === 'failed') problems.push(JSON.stringify(film.error_details).slice(0, 400))
    return problems
  },
})

/** A run whose process was lost goes on under a new id. */
async function last(client: Client, id: string): Promise<any> {
  const run = await client.call('GET', `/v1/simulations/${id}`)
  return run.continued_as ? last(client, run.continued_as) : run
}

/** The same world each time: its end state must be the same each time, too. */
export const simulationKind = (turns = 60): Kind => {
  let wanted: string | undefined
  const config = {
    simulation: { name: 'soak', max_turns: turns, seed: 7 },
    engine: { type: 'simple_economic' },
    validator: { type: 'basic' },
    agents: Array.from({ length: 5 }, (_, i) => ({ name: `agent_${i}`, initial_state: { wealth: 1000 } })),
  }
  return {
    name: 'simulation',
    async start(client, n) {
      const body = { config, run_id: `soak-${n}` }
      const made = await client.call('POST', '/v1/simulations', body, `simulation-${n}`).catch((error) => {
        // Started before: the answer to the first call was lost with its server.
        if (error instanceof Refusal && error.status === 409) return { run_id: `soak-${n}` }
        throw error
      })
      return { kind: 'simulation', n, id: made.run_id, more: {} }
    },
    async advance(client, { id }) {
      const { ended_at } = await last(client, id)
      return ended_at !== null
    },
    async problems(client, { id }) {
      const problems: string[] = []
      const run = await last(client, id)
      expect(problems, 'status', run.status, 'completed')
      expect(problems, 'turn', run.turn, turns)
      const { events } = await client.call(
        'GET',
        `/simulations/${run.run_id}/events?event_types=STATE&limit=5&order=desc`,
      )
      const end = JSON.stringify(events.map((event: any) => event.details?.changes ?? event.description))
      wanted ??= end
      expect(problems, 'last states', end, wanted)
      return problems
    },
  }
}
