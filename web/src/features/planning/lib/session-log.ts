import type { AgentSession, ChatMessage } from '../types.ts'

export type Question = {
  question_id: string
  prompt: string
  request_type?: string
  question_type?: string
  options: string[]
  requesting_agent?: string
}
export type LogItem =
  | { kind: 'message'; id: string; role: string; agent?: string; text: string; at: string; streaming: boolean }
  | {
      kind: 'tool'
      id: string
      agent?: string
      tool: string
      args: unknown
      at: string
      result?: unknown
      error?: string
      ms?: number
    }
  | {
      kind: 'note'
      id: string
      tone: 'done' | 'waiting' | 'failed' | 'running' | 'blocked'
      text: string
      at: string
      approvalId?: string
      /** Of notes about written artifacts: which type, and how many in a row. */
      artifact?: string
      count?: number
    }
export type AgentLive = { state: string; task: string | null; progress: number; message?: string }
export type SessionLog = {
  lastSeq: number
  session: AgentSession | undefined
  items: LogItem[]
  agents: Record<string, AgentLive>
  question: Question | undefined
}
export type WireMessage = { type: string; seq: number; timestamp?: string; [key: string]: unknown }

export const EMPTY_LOG: SessionLog = { lastSeq: 0, session: undefined, items: [], agents: {}, question: undefined }

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const agentKey = (name: unknown) =>
  text(name)
    .toLowerCase()
    .replace(/ agent$/, '')
    .trim()
    .replace(/\s+/g, '-')

function upsert(items: LogItem[], item: LogItem): LogItem[] {
  const i = items.findIndex((one) => one.id === item.id)
  return i < 0 ? [...items, item] : items.map((one, at) => (at === i ? item : one))
}

function noteOf(
  wire: WireMessage,
): { tone: 'done' | 'waiting' | 'failed' | 'running' | 'blocked'; text: string } | undefined {
  const w = wire as Record<string, string> & { failed_gates?: string[]; version?: number }
  switch (wire.type) {
    case 'handoff':
      return { tone: 'running', text: `${w.from_agent} hands over to ${w.to_agent}` }
    case 'artifact_generated':
      return { tone: 'done', text: `${w.artifact_type} written, version ${w.version ?? 1}` }
    case 'lifecycle_transition':
      return { tone: 'done', text: `${w.from_state} → ${w.to_state}` }
    case 'gate_failed':
      return { tone: 'blocked', text: `Gate to ${w.target_state} is shut: ${(w.failed_gates ?? []).join('; ')}` }
    case 'conflict_detected':
      return { tone: 'waiting', text: `Conflict found: ${w.message ?? ''}` }
    case 'conflict_resolved':
      return { tone: 'done', text: `Conflict resolved: ${text(w.resolution) || text(w.message)}` }
    case 'approval_requested':
      return { tone: 'waiting', text: `Approval needed: ${text(w.approval_type).replace(/_/g, ' ')}` }
    case 'approval_decided':
      return { tone: w.decision === 'approved' ? 'done' : 'failed', text: `${w.decision} by ${w.decided_by}` }
    case 'approval_escalated':
      return { tone: 'waiting', text: `Approval escalated to level ${w.escalation_level}` }
    case 'question_answered':
      return { tone: 'done', text: `Answered: ${text(w.answer) || 'use your best judgment'}` }
    case 'incident_reported':
      return { tone: 'failed', text: `Incident: ${text(w.message) || text(w.scenario)}` }
    case 'contingency_triggered':
      return { tone: 'running', text: `Contingency started: ${w.scenario}` }
    case 'contingency_resolved':
      return { tone: 'done', text: `Contingency resolved: ${w.scenario}` }
    case 'error':
      return { tone: 'failed', text: `${w.message} (${w.code})` }
    case 'session_completed':
      return { tone: 'done', text: 'The run is complete' }
    case 'session_failed':
      return { tone: 'failed', text: 'The run failed' }
    case 'session_cancelled':
      return { tone: 'blocked', text: 'The run was cancelled' }
    default:
      return undefined
  }
}

/** One message of the session socket applied to what is known. Numbered messages already seen change nothing. */
export function applyMessage(log: SessionLog, wire: WireMessage): SessionLog {
  if (wire.type === 'session_snapshot') {
    const session = { ...(wire as unknown as AgentSession) }
    const agents = { ...log.agents }
    for (const agent of session.agents ?? []) {
      const key = agentKey(agent.agent_name)
      agents[key] = { task: null, progress: 0, ...agents[key], state: agents[key]?.state ?? agent.state }
    }
    return { ...log, session, agents }
  }
  const unnumbered = wire.type === 'heartbeat' || (wire.type === 'agent_message' && wire.final === false)
  if (!unnumbered && wire.seq <= log.lastSeq) return log
  const next: SessionLog = { ...log, lastSeq: unnumbered ? log.lastSeq : wire.seq }
  const at = text(wire.timestamp)
  const id = `seq-${wire.seq}`
  const name = text(wire.agent_name)
  if (next.session && wire.status) next.session = { ...next.session, status: text(wire.status) }
  if (name && wire.state) {
    const key = agentKey(name)
    const before = next.agents[key]
    next.agents = {
      ...next.agents,
      [key]: {
        state: text(wire.state),
        task: wire.current_task === undefined ? (before?.task ?? null) : (wire.current_task as string | null),
        progress: typeof wire.progress_percentage === 'number' ? wire.progress_percentage : (before?.progress ?? 0),
        ...(text(wire.message) ? { message: text(wire.message) } : {}),
      },
    }
  }
  if (wire.type === 'agent_message') {
    const messageId = text(wire.message_id) || id
    const before = next.items.find((item) => item.id === messageId)
    const streaming = wire.final === false
    const chunk = text(wire.content) || text(wire.message)
    const goesOn = streaming && wire.restart !== true && before?.kind === 'message' && before.streaming
    const whole = goesOn ? before.text + chunk : chunk
    next.items = upsert(next.items, {
      kind: 'message',
      id: messageId,
      role: text(wire.role) || 'agent',
      ...(name ? { agent: name } : {}),
      text: whole,
      at,
      streaming,
    })
  } else if (wire.type === 'tool_call') {
    next.items = upsert(next.items, {
      kind: 'tool',
      id: text(wire.call_id) || id,
      ...(name ? { agent: name } : {}),
      tool: text(wire.tool_name),
      args: wire.arguments,
      at,
    })
  } else if (wire.type === 'tool_result') {
    const before = next.items.find((item) => item.id === wire.call_id)
    if (before?.kind === 'tool')
      next.items = upsert(next.items, {
        ...before,
        result: wire.result,
        ...(wire.error ? { error: text(wire.error) || JSON.stringify(wire.error) } : {}),
        ...(typeof wire.duration_ms === 'number' ? { ms: wire.duration_ms } : {}),
      })
  } else if (wire.type === 'question_asked') {
    next.question = {
      question_id: text(wire.question_id),
      prompt: text(wire.prompt),
      request_type: text(wire.request_type),
      question_type: text(wire.question_type),
      options: Array.isArray(wire.options) ? wire.options.map(optionText) : [],
      requesting_agent: text(wire.requesting_agent),
    }
  }
  if (wire.type === 'question_answered' || /^session_(completed|failed|cancelled)$/.test(wire.type))
    next.question = undefined
  const last = next.items.at(-1)
  const artifact = wire.type === 'artifact_generated' ? text(wire.artifact_type) : undefined
  const again = artifact !== undefined && last?.kind === 'note' && last.artifact === artifact
  const note = noteOf(wire)
  if (again) {
    const count = (last.count ?? 1) + 1
    next.items = [...next.items.slice(0, -1), { ...last, at, count, text: `${artifact} written, ${count} entries` }]
  } else if (note)
    next.items = upsert(next.items, {
      kind: 'note',
      id,
      at,
      ...note,
      ...(wire.type === 'approval_requested' ? { approvalId: text(wire.approval_id) } : {}),
      ...(artifact ? { artifact } : {}),
    })
  return next
}

const optionText = (option: unknown) =>
  typeof option === 'string'
    ? option
    : text((option as { label?: unknown })?.label) ||
      text((option as { option?: unknown })?.option) ||
      JSON.stringify(option)

/** The stored messages of a run merged into the live log, in the order of time; the log's own version of a message wins. */
export function mergeMessages(items: readonly LogItem[], messages: readonly ChatMessage[]): LogItem[] {
  const known = new Set(items.map((item) => item.id))
  const stored = messages
    .filter((message) => !known.has(message.message_id))
    .map(
      (message): LogItem => ({
        kind: 'message',
        id: message.message_id,
        role: message.role,
        ...(message.agent_name ? { agent: message.agent_name } : {}),
        text: message.content,
        at: message.timestamp,
        streaming: false,
      }),
    )
  if (stored.length === 0) return [...items]
  return [...items, ...stored]
    .map((item, i) => ({ item, i }))
    .sort((a, b) => a.item.at.localeCompare(b.item.at) || a.i - b.i)
    .map(({ item }) => item)
}

/** "Venue Researcher Agent" and "venue-researcher" are the same agent. */
export const agentId = agentKey
