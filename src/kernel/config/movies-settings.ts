import { z } from 'zod'
import { flag, int, number, optionalText, text } from './parsers.ts'
import { setting } from './table.ts'

const baseUrl = () =>
  z
    .string()
    .trim()
    .url('must be an absolute URL, for example http://127.0.0.1:3010')
    .transform((value): string | undefined => value.replace(/\/+$/, ''))

const unset = undefined as string | undefined

/** What tasks of a host may use together: `cpu=4,memory=8,gpu=0` (cores, GB, GB). */
const resourcePool = () =>
  z
    .string()
    .trim()
    .regex(/^\w+\s*=\s*\d+(\.\d+)?(\s*,\s*\w+\s*=\s*\d+(\.\d+)?)*$/, 'must look like cpu=4,memory=8,gpu=0')
    .transform((value) => Object.fromEntries(value.split(',').map((part) => part.split('=').map((s) => s.trim()))))
    .transform((pairs): { cpu?: number; memory?: number; gpu?: number } | undefined =>
      Object.fromEntries(Object.entries(pairs).map(([name, amount]) => [name, Number(amount)])),
    )

/** Settings of the movies domain (spec movie-production, section 6.6). */
export const moviesSettings = {
  secretKey: setting({
    names: ['SECRET_KEY'],
    schema: optionalText(),
    fallback: unset,
    doc: 'Signs stored workflow state and callback tokens; unset: made once into the data folder. Required in production',
    secret: true,
  }),
  allowPrivateHosts: setting({
    names: ['MOVIES_ALLOW_PRIVATE_HOSTS'],
    schema: flag().transform((value): boolean | undefined => value),
    fallback: undefined as boolean | undefined,
    doc: 'Movie agents at private or loopback addresses; default 1 outside production',
  }),
  autoMovieUrl: setting({
    names: ['AUTO_MOVIE_BASE_URL', 'AUTO_MOVIE_API_URL'],
    schema: baseUrl(),
    fallback: unset,
    doc: 'Auto-Movie, which owns projects; unset: stand-alone',
  }),
  autoMovieKey: setting({
    names: ['AUTO_MOVIE_API_KEY'],
    schema: optionalText(),
    fallback: unset,
    doc: 'Its X-API-Key',
    secret: true,
  }),
  autoMovieToken: setting({
    names: ['AUTO_MOVIE_TOKEN'],
    schema: optionalText(),
    fallback: unset,
    doc: 'Its bearer token; wins over the key',
    secret: true,
  }),
  brainUrl: setting({
    names: ['BRAIN_SERVICE_BASE_URL', 'BRAIN_SERVICE_URL'],
    schema: baseUrl(),
    fallback: unset,
    doc: 'Brain Service, which keeps knowledge; unset: stand-alone',
  }),
  brainWsUrl: setting({
    names: ['BRAIN_SERVICE_WS_URL'],
    schema: baseUrl(),
    fallback: unset,
    doc: 'Its WebSocket address, when it is not the base address with /mcp',
  }),
  brainKey: setting({
    names: ['BRAIN_SERVICE_API_KEY'],
    schema: optionalText(),
    fallback: unset,
    doc: 'Its X-API-Key',
    secret: true,
  }),
  taskServiceUrl: setting({
    names: ['TASK_SERVICE_BASE_URL', 'TASK_SERVICE_URL'],
    schema: baseUrl(),
    fallback: unset,
    doc: 'Task Service, which makes media on GPUs; unset: the local studio',
  }),
  taskServiceKey: setting({
    names: ['TASK_SERVICE_API_KEY'],
    schema: optionalText(),
    fallback: unset,
    doc: 'Its X-API-Key',
    secret: true,
  }),
  publicBaseUrl: setting({
    names: ['PUBLIC_BASE_URL'],
    schema: baseUrl(),
    fallback: unset,
    doc: 'Address outside services call back; default PUBLIC_URL, else http://localhost:PORT',
  }),
  maxWorkflows: setting({
    names: ['MAX_WORKFLOWS'],
    schema: int(1, 100_000),
    fallback: 100,
    doc: 'Movie workflows that run at once; more are queued',
  }),
  timeoutHours: setting({
    names: ['DEFAULT_TIMEOUT_HOURS'],
    schema: number(0.0001, 10_000),
    fallback: 2,
    doc: 'Expected length of a workflow; twice that running time fails it',
  }),
  retryAttempts: setting({
    names: ['RETRY_ATTEMPTS'],
    schema: int(0, 20),
    fallback: 3,
    doc: 'Retries of a movie task',
  }),
  retryDelaySeconds: setting({
    names: ['RETRY_DELAY_SECONDS'],
    schema: number(0, 600),
    fallback: 30,
    doc: 'First delay before a movie task is retried; doubles each time',
  }),
  checkpointSeconds: setting({
    names: ['CHECKPOINT_INTERVAL_SECONDS'],
    schema: int(1, 86_400),
    fallback: 60,
    doc: 'A checkpoint at least this often while a workflow is active',
  }),
  keepDays: setting({
    names: ['STATE_PERSISTENCE_TTL_DAYS'],
    schema: int(1, 36_500),
    fallback: 30,
    doc: 'Finished movie workflows are removed after this many days',
  }),
  healthSeconds: setting({
    names: ['HEALTH_CHECK_INTERVAL_SECONDS'],
    schema: number(0.05, 86_400),
    fallback: 30,
    doc: 'Between health checks of movie agents and outside services',
  }),
  healthTimeoutSeconds: setting({
    names: ['HEALTH_CHECK_TIMEOUT_SECONDS'],
    schema: number(0.05, 600),
    fallback: 10,
    doc: 'Time limit of one health check',
  }),
  maxTasksPerAgent: setting({
    names: ['MAX_CONCURRENT_TASKS_PER_AGENT'],
    schema: int(1, 100),
    fallback: 5,
    doc: 'Tasks a built-in movie agent works on at once',
  }),
  agentTimeoutSeconds: setting({
    names: ['AGENT_TIMEOUT_SECONDS'],
    schema: int(1, 86_400),
    fallback: 300,
    doc: 'Time limit of a movie task whose agent has no own one',
  }),
  agentRetries: setting({
    names: ['AGENT_RETRY_ATTEMPTS'],
    schema: int(0, 20),
    fallback: 2,
    doc: 'Retries of one movie agent at one task before another one gets it',
  }),
  serviceTimeoutSeconds: setting({
    names: ['SERVICE_TIMEOUT_SECONDS'],
    schema: number(0.05, 3600),
    fallback: 30,
    doc: 'Time limit of a call to an outside movie service',
  }),
  serviceRetries: setting({
    names: ['SERVICE_RETRY_ATTEMPTS'],
    schema: int(0, 20),
    fallback: 3,
    doc: 'Retries of a call to an outside movie service',
  }),
  serviceBackOffSeconds: setting({
    names: ['SERVICE_BACKOFF_SECONDS'],
    schema: number(0, 60),
    fallback: 1,
    doc: 'First wait before a call to an outside movie service is tried again; doubles, at most 30 times',
  }),
  serviceCircuitSeconds: setting({
    names: ['SERVICE_CIRCUIT_SECONDS'],
    schema: number(0.05, 3600),
    fallback: 30,
    doc: 'How long an outside movie service that keeps failing is left alone before one trial call',
  }),
  servicePollSeconds: setting({
    names: ['SERVICE_POLL_SECONDS'],
    schema: number(0.02, 60),
    fallback: 2,
    doc: 'Shortest wait between two looks at a job of the Task Service; grows to five times that',
  }),
  resourcePool: setting({
    names: ['RESOURCE_POOL'],
    schema: resourcePool(),
    fallback: undefined as { cpu?: number; memory?: number; gpu?: number } | undefined,
    doc: 'What remote movie agents may use together, e.g. cpu=4,memory=8,gpu=0; default: this host, no GPU',
  }),
  rateLimits: setting({
    names: ['RATE_LIMITS'],
    schema: text().refine(
      (value) => value === 'off' || /^\d+,\d+,\d+$/.test(value),
      'must be off, or three numbers per minute: standard, changes, bulk (100,50,20)',
    ),
    fallback: '100,50,20',
    doc: 'Calls per minute of an end-user key to the movie API: standard, workflow changes, lists; off switches them off',
  }),
  privacyMode: setting({
    names: ['PRIVACY_MODE'],
    schema: flag(),
    fallback: false,
    doc: 'Keep user text of movie projects out of logs',
  }),
} as const
