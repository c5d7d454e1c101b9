import { AutoMovieStandIn } from '../movies/services/stand-ins/auto-movie-stand-in.ts'
import { BrainStandIn } from '../movies/services/stand-ins/brain-stand-in.ts'
import type { HttpStandIn } from '../movies/services/stand-ins/http-stand-in.ts'
import { TaskServiceStandIn } from '../movies/services/stand-ins/task-service-stand-in.ts'
import { readArguments } from './arguments.ts'
import { CliError, type Io } from './io.ts'

const HELP = `troupe movie services [--work-seconds N] [--auto-movie PORT] [--brain PORT] [--task-service PORT] [--quiet]

Runs stand-ins of Auto-Movie, the Brain and the Task Service on this machine, on free ports unless told otherwise, and prints
the settings a server needs to use them. They keep everything in memory and speak the services' protocols; the Task Service
really makes pictures, sound and clips. Each can be told to misbehave while it runs:

  curl -X POST ADDRESS/_stand-in -d '{"slow_ms": 5000}'
  curl -X POST ADDRESS/_stand-in -d '{"fail_next": 3, "fail_status": 503, "retry_after": 2}'
  curl -X POST ADDRESS/_stand-in -d '{"hang": true}'      or "garbage": true; all false again: as it should be

Ctrl-C stops them.`

type Stop = () => Promise<void>

/** Starts the three and stays until a signal comes; `until` replaces the signal in tests. */
export async function movieServices(argv: string[], io: Io, until: Promise<unknown> = signalled()): Promise<number> {
  const { values } = readArguments(argv, {
    'work-seconds': { type: 'string' },
    'auto-movie': { type: 'string' },
    brain: { type: 'string' },
    'task-service': { type: 'string' },
    quiet: { type: 'boolean' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const autoMovie = new AutoMovieStandIn({ generous: true })
  const brain = new BrainStandIn()
  const taskService = new TaskServiceStandIn({ workMs: numberOf(values['work-seconds'], 2, 'work-seconds') * 1000 })
  const stops: Stop[] = []
  const start = async (name: string, service: HttpStandIn, port: string | undefined) => {
    await service.start(numberOf(port, 0, name))
    stops.push(service.close)
    service.onRequest = ({ method, path, status }) => {
      if (!values.quiet && !path.startsWith('/media/'))
        io.err(`${name.padEnd(12)} ${method} ${path} ${status || 'no answer'}`)
    }
  }
  try {
    await start('auto-movie', autoMovie, values['auto-movie'])
    await start('brain', brain, values.brain)
    brain.onCall = ({ name }) => {
      if (!values.quiet) io.err(`${'brain'.padEnd(12)} ${name}`)
    }
    await start('task-service', taskService, values['task-service'])
    const settings = {
      AUTO_MOVIE_BASE_URL: autoMovie.url,
      BRAIN_SERVICE_BASE_URL: brain.url,
      TASK_SERVICE_BASE_URL: taskService.url,
    }
    io.out(
      values.json
        ? JSON.stringify(settings)
        : `${Object.entries(settings)
            .map(([name, url]) => `${name}=${url}`)
            .join(' \\\n')} npm start`,
    )
    await until
    return 0
  } finally {
    await Promise.all(stops.map((stop) => stop()))
  }
}

const signalled = () =>
  new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

function numberOf(text: string | undefined, fallback: number, name: string): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) throw new CliError(`--${name} must be a number, not ${text}`)
  return value
}
