import type { Capability, FileAttachment, JsonObject } from '../schema.ts'

/** Files of the task as an agent reaches them: `output/…`, `temp/…`, `context/…`, `uploads/…`, `artifacts/{images,reports,data}/…`. */
export type TaskFiles = {
  list(path?: string): Promise<{ path: string; size: number }[]>
  /** Throws FILE_NOT_FOUND or PATH_NOT_ALLOWED. */
  read(path: string): Promise<Uint8Array>
  /** Written whole or not at all. */
  write(path: string, content: Uint8Array | string): Promise<void>
  /** A path below `output/` that no other step uses: `name.csv`, then `name_1.csv` … */
  reserve(name: string): Promise<string>
  /** The first of `folder/stem_1.ext`, `folder/stem_2.ext` … that nobody uses. */
  number(folder: string, stem: string, extension: string): Promise<string>
}

/** The read-only input root DATA_PATH. */
export type DataRoot = { read(path: string): Promise<Uint8Array | undefined> }

export type HttpAnswer = { status: number; url: string; headers: Record<string, string>; body: Uint8Array }
export type HttpAsk = {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  maxBytes?: number
  timeoutMs?: number
  maxRedirects?: number
}

/** What a skill may touch. Permission, approval and limits are behind these ports. */
export type SkillPorts = {
  files: TaskFiles
  data: DataRoot
  /** One outside request through the guard. Throws NETWORK_ERROR. */
  http(url: string, ask?: HttpAsk): Promise<HttpAnswer>
  /** A tool that runs in the server (contract 3.11), as its JSON answer. Throws its error. */
  tool(name: string, args: JsonObject): Promise<JsonObject>
  /** Value of `${NAME}` from the allow-list; undefined when it is not allowed or unset. */
  secret(name: string): string | undefined
  sleep(ms: number): Promise<void>
  progress(message: string, percent?: number): void
  now(): Date
  signal: AbortSignal
}

/** A prerequisite's output, followed when it was stored by reference. */
export type PreviousOutput = { subtaskId: string; data: JsonObject; summary: string; files: string[]; result?: string }

export type SkillRequest = {
  taskId: string
  subtaskId: string
  agentId: string
  description: string
  capabilities: readonly Capability[]
  inputData: JsonObject
  /** Keys of `inputData` that a retry gave: they win over the text. */
  overrides: ReadonlySet<string>
  previous: readonly PreviousOutput[]
  attachments: readonly (Partial<FileAttachment> & { filename: string })[]
}

export type SkillOutput = {
  data: JsonObject
  summary: string
  /** HTML body of the page; the server wraps it. */
  result: string
  files?: string[]
  nextSteps?: string
}

/** A built-in way to carry out a step without a model. Deterministic: same request and same outside answers, same output. */
export type Skill = {
  name: string
  title: string
  capabilities: readonly Capability[]
  /** 0 to 1: how surely this skill is what the step asks for. Pure. */
  confidence(request: SkillRequest): number
  run(request: SkillRequest, ports: SkillPorts): Promise<SkillOutput>
}
