import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { allowedSecrets } from '../../kernel/config/allowed-secrets.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { guardedFetch } from '../../kernel/tools/guarded-fetch.ts'
import { GuardedFetchError } from '../../kernel/tools/guarded-fetch-error.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { type ApiPorts, callApi, hide } from '../skills/api/call-api.ts'
import { readPath } from '../skills/api/path-expression.ts'
import { readApiRequest } from '../skills/api/read-request.ts'
import type { SkillPorts } from '../skills/skill.ts'
import type { TaskToolContext } from './context.ts'

const Method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
/** The arguments of S4 (4.4); what `query`, `auth` and `paginate` may look like is judged where S4 judges it. */
const Input = z.object({
  method: Method.default('GET'),
  url: z.string().trim().max(4000).describe('http or https'),
  query: z.record(z.string(), z.unknown()).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  auth: z
    .record(z.string(), z.string())
    .optional()
    .describe('{"type":"bearer","token"}, {"type":"basic","username","password"} or {"type":"header","name","value"}'),
  extract: z.string().min(1).max(500).optional().describe('a path such as data[*].email'),
  paginate: z.unknown().optional().describe('true, {"type":"link"}, {"type":"next","path"} or {"type":"page","param"}'),
})
type Input = z.infer<typeof Input>

const portsOf = ({ kernel, signal }: TaskToolContext): ApiPorts & Pick<SkillPorts, 'secret'> => {
  const secrets = allowedSecrets(kernel.config.tasks.secretNames)
  return {
    now: () => new Date(kernel.clock.now()),
    secret: (name: string) => secrets[name],
    sleep: (ms: number) => sleep(ms, undefined, { signal }),
    progress: () => undefined,
    http: (url: string, ask = {}) =>
      guardedFetch(url, {
        ...ask,
        signal,
        allowPrivate: kernel.config.tasks.allowPrivateHosts,
        hosts: kernel.config.tasks.outboundHosts,
        forAgent: true,
      }),
  }
}

async function run(ctx: TaskToolContext, { method, ...args }: Input): Promise<unknown> {
  const ports = portsOf(ctx)
  const call = readApiRequest(
    {
      taskId: ctx.assignment.subject,
      subtaskId: ctx.assignment.key,
      agentId: ctx.assignment.agent_id ?? 'agent',
      description: '',
      capabilities: [],
      inputData: { ...args, method: method === 'HEAD' ? 'GET' : method },
      overrides: new Set(),
      previous: [],
      attachments: [],
    },
    ports,
  )
  if (!call && URL.canParse(String(args.url)))
    throw new GuardedFetchError('URL_NOT_ALLOWED', 'only http and https addresses may be called')
  if (!call) throw new AppError('INVALID_INPUT', 'url must be an absolute http or https URL')
  if (!call.paginate && call.extract === undefined) {
    const { status, headers, body } = await ports.http(call.url, {
      method,
      headers: call.headers,
      ...(call.body === undefined ? {} : { body: call.body }),
    })
    return { status, headers, text: hide(Buffer.from(body).toString('utf8'), call.secrets) }
  }
  const { status, json, text, pages } = await callApi(call, ports)
  const extracted = call.extract === undefined ? undefined : readPath(json, call.extract)
  if (call.extract !== undefined && extracted === undefined)
    throw new AppError('TOOL_ERROR', `the answer has nothing at ${call.extract}: check the path`)
  return {
    status,
    ...(json === undefined ? { text } : { json }),
    ...(extracted === undefined ? {} : { extracted }),
    ...(call.paginate ? { pages } : {}),
  }
}

export const httpRequest = defineTool<Input, unknown, TaskToolContext>({
  name: 'http_request',
  title: 'HTTP request',
  description:
    'Calls an http(s) address, with query, credentials, pages and a path to extract where wanted. Private and loopback addresses are refused.',
  input: Input as never,
  touches: ['network'],
  approval: ({ method }) => (/^(get|head)$/i.test(method ?? 'GET') ? 'never' : 'edits'),
  summarise: ({ method, url }) => `${method} ${url}`,
  run,
})
