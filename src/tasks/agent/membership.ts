import type { AgentLog } from './agent-log.ts'
import { type Call, callOnce, callUntilAnswered, RefusedError, readJson } from './call-server.ts'

export type Pulse = {
  is_available: boolean
  current_task: string | null
  cpu_usage: number
  memory_usage: number
  process_memory_bytes: number
  running: { assignment_id: string; attempt: number }[]
  draining?: boolean
}
export type StopOrder = { assignment_id: string; attempt: number; reason: string }

export type MembershipOptions = {
  serverUrl: string
  agentId: string
  endpoint: string
  capabilities: readonly string[]
  instance: string
  sdkVersion: string
  /** Credential for registering. */
  token: string | undefined
  executeToken?: string | undefined
  pulse(): Pulse
  onStop(order: StopOrder): void
  /** Another process is this agent now, or the server will not have it: end. */
  onEnd(why: string): void
  log: AgentLog
}

const RETRY_MS = 5000
const LAST_CALL_MS = 3000
const BUSY_MS = 100

/** Life in the registry: registered, heard of in time and at each change, registered again when forgotten (contract 3.6, 10.2). */
export class Membership {
  readonly #options: MembershipOptions
  readonly #ended = new AbortController()
  #token: string | undefined
  #heartbeatMs = 10_000
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<void> | undefined
  #again = false
  lastHeartbeat: Date | undefined

  constructor(options: MembershipOptions) {
    this.#options = options
  }

  get isRegistered(): boolean {
    return this.#token !== undefined
  }

  /** Where results without an assignment go. */
  resultsCall(): Call | undefined {
    if (!this.#token) return undefined
    const { serverUrl, agentId } = this.#options
    return { method: 'POST', url: `${serverUrl}/v1/agents/${agentId}/results`, token: this.#token }
  }

  /** Registers, repeating until the server answers, then beats for ever. A refusal ends the process. */
  async join(): Promise<void> {
    const { serverUrl, agentId, endpoint, capabilities, instance, sdkVersion, token, executeToken, log, onEnd } =
      this.#options
    try {
      const answer = await callUntilAnswered({
        method: 'POST',
        url: `${serverUrl}/v1/agents`,
        token,
        timeoutMs: 10_000,
        signal: this.#ended.signal,
        json: {
          agent_id: agentId,
          endpoint,
          capabilities,
          instance,
          sdk_version: sdkVersion,
          ...(executeToken && { execute_token: executeToken }),
        },
      })
      const reply = readJson(answer)
      this.#token = String(reply['agent_token'])
      this.#heartbeatMs = Math.max(100, Number(reply['heartbeat_seconds'] ?? 10) * 1000)
      this.lastHeartbeat = new Date()
      log.info({ agent: agentId, endpoint, server: serverUrl }, 'registered')
      this.#plan(this.#heartbeatMs)
    } catch (error) {
      if (this.#ended.signal.aborted) return
      if (!(error instanceof RefusedError)) throw error
      log.error({ agent: agentId, code: error.code }, `the server refused the registration: ${error.message}`)
      onEnd(`registration refused: ${error.code}`)
    }
  }

  /** Tells the server soon: it handed the work out itself and knows; a step that ends meanwhile needs only one heartbeat. */
  busy(): void {
    if (!this.#beating) this.#plan(Math.min(BUSY_MS, this.#heartbeatMs))
  }

  /** Tells the server at once that something changed. Calls during a heartbeat are gathered into one after it. */
  changed(): Promise<void> {
    if (!this.#token || this.#ended.signal.aborted) return Promise.resolve()
    if (this.#beating) {
      this.#again = true
      return this.#beating
    }
    clearTimeout(this.#timer)
    this.#beating = this.#beat().finally(() => {
      this.#beating = undefined
      if (this.#again) {
        this.#again = false
        void this.changed()
      }
    })
    return this.#beating
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#ended.signal.aborted) return
    this.#timer = setTimeout(() => void this.changed(), ms)
    this.#timer.unref()
  }

  async #beat(): Promise<void> {
    const { serverUrl, agentId, instance, pulse, onStop, onEnd, log } = this.#options
    try {
      const answer = await callOnce({
        method: 'POST',
        url: `${serverUrl}/v1/agents/${agentId}/heartbeat`,
        token: this.#token,
        timeoutMs: 10_000,
        signal: this.#ended.signal,
        json: { instance, ...pulse() },
      })
      this.lastHeartbeat = new Date()
      for (const order of (readJson(answer)['stop'] ?? []) as StopOrder[]) onStop(order)
      this.#plan(this.#heartbeatMs)
    } catch (error) {
      if (this.#ended.signal.aborted) return
      if (error instanceof RefusedError && error.code === 'INSTANCE_REPLACED') {
        log.warn({ agent: agentId }, 'another process is this agent now')
        // Ended once: a change told meanwhile would only be refused the same way.
        this.#ended.abort(new Error('replaced by another process'))
        onEnd('replaced by another process')
      } else if (error instanceof RefusedError) {
        log.warn({ agent: agentId, code: error.code }, 'the server does not know this agent: registering again')
        this.#token = undefined
        void this.join()
      } else {
        log.debug({ agent: agentId, error: (error as Error).message }, 'heartbeat failed')
        this.#plan(Math.min(RETRY_MS, this.#heartbeatMs))
      }
    }
  }

  /** Deregisters when `tell`; running attempts then go back with their checkpoints. Never throws. */
  async leave(tell: boolean): Promise<void> {
    const { serverUrl, agentId, log } = this.#options
    clearTimeout(this.#timer)
    this.#ended.abort(new Error('the agent ends'))
    if (!tell || !this.#token) return
    await callOnce({
      method: 'DELETE',
      url: `${serverUrl}/v1/agents/${agentId}`,
      token: this.#token,
      timeoutMs: LAST_CALL_MS,
    }).catch((error: Error) => log.debug({ error: error.message }, 'could not deregister'))
  }
}
