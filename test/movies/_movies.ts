import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { moviesModule } from '../../src/movies/index.ts'
import type { MovieParts } from '../../src/movies/parts.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { plainStudio } from './_plain-studio.ts'

/** A server with the movies domain alone, media as plain files, short waits. */
export const moviesServer = (
  options: { env?: Record<string, string>; parts?: Partial<MovieParts>; databaseUrl?: string } = {},
): Promise<TestServer> =>
  testServer({
    env: { RETRY_DELAY_SECONDS: '0.1', ...options.env },
    modules: [moviesModule(loadConfig({}), { studio: plainStudio(), ...options.parts })],
    ...(options.databaseUrl ? { databaseUrl: options.databaseUrl } : {}),
  })

/** The contract's sample body B (8.3). */
export const bodyB = (over: Record<string, unknown> = {}) => ({
  project_id: crypto.randomUUID(),
  workflow_type: 'movie_creation',
  title: 'Signal at Dawn',
  description: 'A lone operator hears a voice from an empty station.',
  genre: 'science_fiction',
  target_duration: 24,
  style_preferences: { visual_style: 'cinematic', tone: 'dramatic' },
  priority: 5,
  ...over,
})

export const auto = { decision_mode: 'auto' }

export async function create(server: TestServer, body: Record<string, unknown>): Promise<any> {
  const answer = await server.call('POST', '/api/v1/workflows', body)
  if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export const get = async (server: TestServer, id: string): Promise<any> =>
  (await server.call('GET', `/api/v1/workflows/${id}`)).body

/** The workflow once `when` holds; fails loudly when it ended otherwise. */
export const reached = (server: TestServer, id: string, when: (w: any) => boolean): Promise<any> =>
  until(async () => {
    const w = await get(server, id)
    if (when(w)) return w
    if (['completed', 'failed', 'cancelled'].includes(w.status))
      throw new Error(`ended as ${w.status} at ${w.current_state}: ${JSON.stringify(w.error_details)}`)
    return undefined
  })

export const ended = (server: TestServer, id: string, status = 'completed') =>
  reached(server, id, (w) => w.status === status)

export const pending = (server: TestServer, id: string, decisionId: string) =>
  reached(server, id, (w) => w.pending_decision?.decision_id === decisionId)

export const decide = (server: TestServer, id: string, decisionId: string, choice: string, feedback?: string) =>
  server.call('POST', `/api/v1/workflows/${id}/decisions`, {
    decision_id: decisionId,
    choice,
    ...(feedback ? { feedback } : {}),
  })

export const artifact = async (server: TestServer, id: string, name: string, index?: number): Promise<any> =>
  (await server.call('GET', `/api/v1/workflows/${id}/artifacts/${name}${index === undefined ? '' : `?index=${index}`}`))
    .body

export const tasks = async (server: TestServer, id: string): Promise<any[]> =>
  (await server.call('GET', `/api/v1/workflows/${id}/tasks?limit=1000`)).body.tasks

/** Cancels whatever still runs, so that a test has the agents to itself. */
export async function endAll(server: TestServer) {
  for (const status of ['running', 'paused'])
    for (;;) {
      const { workflows } = (await server.call('GET', `/api/v1/workflows?status=${status}&limit=100`)).body
      if (workflows.length === 0) break
      for (const w of workflows) await server.call('POST', `/api/v1/workflows/${w.workflow_id}/cancel`)
    }
}

/** A story arc as an agent writes it. */
export const arc = {
  setup: 'Lead finds the recorder and cannot leave it alone.',
  escalation: 'Rival answers every step with one of his own.',
  resolution: 'Lead and Rival decide together.',
  emotional_beats: ['hook', 'struggle', 'payoff'],
  continuity_flags: [],
}

/** Registers a story agent that answers at `url`. */
export const registerStoryAgent = (server: TestServer, id: string, url: string, more: Record<string, unknown> = {}) =>
  server.call('POST', '/api/v1/agents', {
    agent_id: id,
    agent_type: 'story',
    capabilities: ['story_architect'],
    endpoint_url: url,
    max_concurrent_tasks: 3,
    resource_requirements: { cpu_cores: 0.1, memory_gb: 0.1 },
    ...more,
  })
