import { createServer } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { AutoMovieStandIn } from '../../src/movies/services/stand-ins/auto-movie-stand-in.ts'
import { BrainStandIn } from '../../src/movies/services/stand-ins/brain-stand-in.ts'
import { noFaults } from '../../src/movies/services/stand-ins/faults.ts'
import { TaskServiceStandIn } from '../../src/movies/services/stand-ins/task-service-stand-in.ts'
import type { TestServer } from '../_server.ts'
import { auto, bodyB, endAll, moviesServer } from './_movies.ts'

/** Short waits, so that what takes minutes in production takes seconds here. */
export const QUICK = {
  SERVICE_TIMEOUT_SECONDS: '1',
  SERVICE_BACKOFF_SECONDS: '0.05',
  SERVICE_CIRCUIT_SECONDS: '0.4',
  SERVICE_POLL_SECONDS: '0.1',
  HEALTH_CHECK_INTERVAL_SECONDS: '0.5',
  HEALTH_CHECK_TIMEOUT_SECONDS: '1',
}

const KEYS = { autoMovie: 'am-key-1234567890', taskService: 'ts-key-1234567890' }
type Name = 'autoMovie' | 'brain' | 'taskService'

export type Outside = {
  server: TestServer
  autoMovie: AutoMovieStandIn
  brain: BrainStandIn
  taskService: TaskServiceStandIn
  call: TestServer['call']
  /** A project that Auto-Movie knows; its id. */
  project(over?: Record<string, unknown>): string
}

/** A server with stand-ins of the named services, fresh rules before each test. */
export function withOutside(names: readonly Name[], tools: 'preferred' | 'alternative' = 'preferred'): Outside {
  const outside = {} as Outside
  beforeAll(async () => {
    outside.autoMovie = await new AutoMovieStandIn({ key: KEYS.autoMovie }).start()
    outside.brain = await new BrainStandIn(tools).start()
    outside.taskService = await new TaskServiceStandIn({}, { key: KEYS.taskService }).start()
    const port = await freePort()
    const own = (name: Name, env: Record<string, string>) => (names.includes(name) ? env : {})
    outside.server = await moviesServer({
      env: {
        ...QUICK,
        PORT: String(port),
        PUBLIC_BASE_URL: `http://127.0.0.1:${port}`,
        ...own('autoMovie', { AUTO_MOVIE_BASE_URL: outside.autoMovie.url, AUTO_MOVIE_API_KEY: KEYS.autoMovie }),
        ...own('brain', { BRAIN_SERVICE_BASE_URL: outside.brain.url }),
        ...own('taskService', {
          TASK_SERVICE_BASE_URL: outside.taskService.url,
          TASK_SERVICE_API_KEY: KEYS.taskService,
        }),
      },
    })
    outside.call = (method, at, body) => outside.server.call(method, `/api/v1${at}`, body)
    outside.project = (over = {}) => {
      const id = `p-${crypto.randomUUID()}`
      outside.autoMovie.add({
        id,
        title: 'Signal at Dawn',
        description: 'A lone operator hears a voice from an empty station.',
        genre: 'science_fiction',
        targetAudience: 'teen',
        styleReferences: [{ id: 's1', url: 'https://example.org/s1.png' }],
        projectSettings: { aspectRatio: '4:3', episodeDuration: 24, qualityTier: 'premium' },
        createdBy: 'user-7',
        ...over,
      })
      return id
    }
  }, 120_000)
  beforeEach(async () => {
    for (const one of [outside.autoMovie, outside.brain, outside.taskService]) one.tell(noFaults())
    const rules = { workMs: 40, callbacks: 'never', failJobs: 0, refuse: [], swallowAnswers: 0 } as const
    Object.assign(outside.taskService.rules, rules)
    await endAll(outside.server)
  })
  afterAll(async () => {
    await outside.server[Symbol.asyncDispose]()
    await Promise.all([outside.autoMovie.close(), outside.brain.close(), outside.taskService.close()])
  })
  return outside
}

export const filmOf = (project: string, over: Record<string, unknown> = {}) =>
  bodyB({ project_id: project, custom_parameters: auto, ...over })

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
