import { z } from 'zod'
import { choice, flag, int, list, number, optionalText, text, url } from './parsers.ts'
import { setting } from './table.ts'

const portRange = () =>
  z
    .string()
    .trim()
    .regex(/^\d{1,5}(-\d{1,5})?$/, 'must be a port or a range, for example 8001-8005')
    .transform((value) => {
      const [from, to = from] = value.split('-').map(Number) as [number, number?]
      return { from, to: to ?? from }
    })
    .refine(({ from, to }) => from <= to && to <= 65535, 'must be a range of ports up to 65535')

/** Settings of the tasks domain (spec task-execution, section 6.3). */
export const tasksSettings = {
  sharedFilesPath: setting({
    names: ['SHARED_FILES_PATH'],
    schema: text(),
    fallback: './shared_files',
    doc: 'Workspaces of tasks',
  }),
  artifactsPath: setting({
    names: ['ARTIFACTS_PATH'],
    schema: text(),
    fallback: './artifacts',
    doc: 'Published result pages, charts, reports, uploads',
  }),
  dataPath: setting({
    names: ['DATA_PATH'],
    schema: text(),
    fallback: './data',
    doc: 'Read-only folder of input files',
  }),
  agents: setting({
    names: ['TROUPE_AGENTS'],
    schema: int(0, 50),
    fallback: 5,
    doc: 'Agent processes that `troupe up` starts; 0 starts none',
  }),
  agentId: setting({
    names: ['AGENT_ID'],
    schema: z
      .string()
      .trim()
      .regex(/^agent_\d+$/, 'must be agent_ and a number'),
    fallback: 'agent_1',
    doc: 'Id of one agent process',
  }),
  agentPort: setting({
    names: ['AGENT_PORT'],
    schema: int(0, 65535),
    fallback: undefined as number | undefined,
    doc: 'Port of one agent process; default 8000 + its number, 0 takes a free one',
  }),
  agentPortRange: setting({
    names: ['AGENT_PORT_RANGE'],
    schema: portRange(),
    fallback: { from: 8001, to: 8005 },
    doc: 'Ports of the own agents',
  }),
  agentCapabilities: setting({
    names: ['AGENT_CAPABILITIES'],
    schema: list(),
    fallback: undefined as string[] | undefined,
    doc: 'Capabilities of one agent process, comma separated',
  }),
  agentProfile: setting({
    names: ['AGENT_PROFILE'],
    schema: choice(['default', 'balanced']),
    fallback: 'default' as 'default' | 'balanced',
    doc: 'Which capability map the five agents have',
  }),
  agentBaseUrl: setting({
    names: ['AGENT_BASE_URL'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Address under which the server reaches one agent process',
  }),
  agentToken: setting({
    names: ['AGENT_TOKEN'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Credential with which an agent registers; set by the supervisor',
    secret: true,
  }),
  agentSupervised: setting({
    names: ['AGENT_SUPERVISED'],
    schema: flag(),
    fallback: false,
    doc: 'Set by the supervisor: an agent process ends when its parent is gone',
  }),
  permissionMode: setting({
    names: ['SDK_PERMISSION_MODE'],
    schema: choice(['auto', 'approveEdits', 'approveAll', 'bypassPermissions']),
    fallback: 'auto' as 'auto' | 'approveEdits' | 'approveAll' | 'bypassPermissions',
    doc: 'Which tool calls wait for a person',
  }),
  maxTurns: setting({ names: ['SDK_MAX_TURNS'], schema: int(1, 1000), fallback: 50, doc: 'Model turns per subtask' }),
  subtaskTimeoutSeconds: setting({
    names: ['SUBTASK_TIMEOUT_SECONDS', 'TASK_TIMEOUT'],
    schema: int(1, 3600),
    fallback: 300,
    doc: 'Time limit of a subtask; 600 advised in production',
  }),
  heartbeatSeconds: setting({
    names: ['AGENT_HEARTBEAT_INTERVAL'],
    schema: number(0.1, 3600),
    fallback: 10,
    doc: 'Seconds between heartbeats',
  }),
  ttlSeconds: setting({
    names: ['AGENT_TTL_SECONDS'],
    schema: number(0.5, 86_400),
    fallback: 60,
    doc: 'An agent not heard of for longer is dead',
  }),
  noAgentTimeoutSeconds: setting({
    names: ['NO_AGENT_TIMEOUT_SECONDS'],
    schema: number(1, 86_400),
    fallback: 300,
    doc: 'A subtask that no living agent can do fails after this',
  }),
  maxReassignments: setting({
    names: ['MAX_REASSIGNMENTS'],
    schema: int(0, 100),
    fallback: 3,
    doc: 'Lost agents per subtask before it fails',
  }),
  embeddingApiUrl: setting({
    names: ['EMBEDDING_API_URL'],
    schema: url().optional(),
    fallback: undefined,
    doc: 'Service that turns text into vectors',
  }),
  webSearchUrl: setting({
    names: ['WEB_SEARCH_URL'],
    schema: url().optional(),
    fallback: undefined,
    doc: 'Search service for web_search: an address that answers ?q=…&format=json as SearXNG does; unset: no web search',
  }),
  enableShell: setting({
    names: ['ENABLE_SHELL'],
    schema: flag(),
    fallback: false,
    doc: 'Lets agents run commands in their task folder',
  }),
  allowPrivateHosts: setting({
    names: ['ALLOW_PRIVATE_HOSTS'],
    schema: flag(),
    fallback: false,
    doc: 'Lets agents reach private and loopback addresses',
  }),
  outboundHosts: setting({
    names: ['OUTBOUND_HOSTS'],
    schema: list(),
    fallback: undefined as string[] | undefined,
    doc: 'The only hosts that agents of tasks may call: name, name:port or *.name, comma separated; unset: any public one',
  }),
  skillsFirst: setting({
    names: ['SKILLS_FIRST'],
    schema: flag(),
    fallback: true,
    doc: 'Exact built-in skills run before a configured model',
  }),
  secretNames: setting({
    names: ['API_SECRET_NAMES'],
    schema: list(),
    fallback: [] as string[],
    doc: 'Environment variables that a step may name (dollar, braces) in the credentials of an HTTP call, comma separated',
  }),
  maxUploadTotalBytes: setting({
    names: ['MAX_UPLOAD_TOTAL_BYTES'],
    schema: int(1, Number.MAX_SAFE_INTEGER),
    fallback: undefined as number | undefined,
    doc: 'Size of all files of one submission',
  }),
  logRetentionDays: setting({
    names: ['LOG_RETENTION_DAYS'],
    schema: int(1, 36_500),
    fallback: undefined as number | undefined,
    doc: 'Agent logs older than this are deleted',
  }),
}
