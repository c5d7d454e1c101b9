import { CAPABILITIES, type Capability, type JsonObject } from '../schema.ts'
import type { HttpAnswer, HttpAsk, PreviousOutput, SkillPorts, SkillRequest } from './skill.ts'
import { SkillError } from './skill-error.ts'

/** Test helper: a request with everything empty but what the test says. */
export const request = (description: string, more: Partial<SkillRequest> = {}): SkillRequest => ({
  taskId: 'task_250101000000_0123456789ab',
  subtaskId: 'subtask_0123456789ab',
  agentId: 'agent_1',
  description,
  capabilities: CAPABILITIES as readonly Capability[],
  inputData: {},
  overrides: new Set(),
  previous: [],
  attachments: [],
  ...more,
})

export const previous = (data: JsonObject, more: Partial<PreviousOutput> = {}): PreviousOutput => ({
  subtaskId: 'subtask_aaaaaaaaaaaa',
  data,
  summary: 'Did it',
  files: [],
  ...more,
})

export type TestPorts = SkillPorts & {
  written: Map<string, Uint8Array>
  text(path: string): string
  asked: { url: string; ask: HttpAsk }[]
  toolCalls: { name: string; args: JsonObject }[]
  slept: number[]
}

type Options = {
  files?: Record<string, string | Uint8Array>
  data?: Record<string, string | Uint8Array>
  http?: (url: string, ask: HttpAsk) => Partial<HttpAnswer> & { text?: string; json?: unknown }
  tools?: Record<string, (args: JsonObject) => JsonObject>
  secrets?: Record<string, string>
}

const bytes = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content

/** Ports in memory: files are a map, the network is a function. */
export function testPorts({ files = {}, data = {}, http, tools = {}, secrets = {} }: Options = {}): TestPorts {
  const written = new Map<string, Uint8Array>(Object.entries(files).map(([path, content]) => [path, bytes(content)]))
  const asked: TestPorts['asked'] = []
  const toolCalls: TestPorts['toolCalls'] = []
  const slept: number[] = []
  return {
    written,
    asked,
    toolCalls,
    slept,
    text: (path) => new TextDecoder().decode(written.get(path) ?? bytes(`(no file ${path})`)),
    files: {
      list: async (path = '.') =>
        [...written]
          .filter(([name]) => path === '.' || name.startsWith(`${path.replace(/\/$/, '')}/`))
          .map(([name, content]) => ({ path: name, size: content.length })),
      read: async (path) => {
        const content = written.get(path)
        if (!content) throw new SkillError('FILE_NOT_FOUND', `there is no file ${path}`)
        return content
      },
      write: async (path, content) => void written.set(path, bytes(content)),
      reserve: async (name) => {
        const [, stem = name, extension = ''] = /^(.*?)(\.[^.]*)?$/.exec(name) ?? []
        for (let n = 0; ; n++) {
          const path = `output/${n === 0 ? name : `${stem}_${n}${extension}`}`
          if (!written.has(path)) return path
        }
      },
      number: async (folder, stem, extension) => {
        for (let n = 1; ; n++)
          if (!written.has(`${folder}/${stem}_${n}${extension}`)) return `${folder}/${stem}_${n}${extension}`
      },
    },
    data: { read: async (path) => (data[path] === undefined ? undefined : bytes(data[path])) },
    http: async (url, ask = {}) => {
      asked.push({ url, ask })
      const answer = http?.(url, ask)
      if (!answer) throw new SkillError('NETWORK_ERROR', `${url} cannot be reached`)
      const { text, json, ...rest } = answer
      const body = bytes(json !== undefined ? JSON.stringify(json) : (text ?? ''))
      const headers: Record<string, string> = json !== undefined ? { 'content-type': 'application/json' } : {}
      return { status: 200, url, body, ...rest, headers: { ...headers, ...rest.headers } }
    },
    tool: async (name, args) => {
      toolCalls.push({ name, args })
      const tool = tools[name]
      if (!tool) throw new SkillError('TOOL_ERROR', `no tool ${name}`)
      return tool(args)
    },
    secret: (name) => secrets[name],
    sleep: async (ms) => void slept.push(ms),
    progress: () => undefined,
    now: () => new Date('2025-06-01T12:00:00.000Z'),
    signal: new AbortController().signal,
  }
}
