import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { displayNameOf, sheetOf } from '../agents/team.ts'
import type { Draft, TurnOutput } from '../agents/turn.ts'
import type { Stored } from '../artifacts/definition.ts'
import type { ArtifactRef } from '../schema.ts'
import { loadBoard, onBoard } from '../store/load-board.ts'
import { appendDecision, appendTrace } from '../store/logs.ts'
import { settleEvent } from '../store/write-artifact.ts'
import { saveArtifactIn } from '../verbs/save-artifact.ts'
import type { ToolUse } from './gather.ts'
import type { Performed } from './perform-turn.ts'
import { addMessage, agentCtx, type Session, say } from './session-store.ts'
import type { Step } from './steps.ts'

/** Puts stored ids in place of `@name` references, deeply. */
export function resolveRefs(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string' && value.startsWith('@')) return ids.get(value.slice(1)) ?? value
  if (Array.isArray(value)) return value.map((one) => resolveRefs(one, ids))
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolveRefs(inner, ids)]))
  return value
}

/** List artifacts that a repeated turn must not add a second time. */
const ONCE = new Set(['TaskRegister', 'RiskRegister', 'VenueLeads', 'VenueShortlist', 'VendorContracts'])

export async function traceTools(
  tx: Tx,
  ctx: Ctx,
  session: Session,
  step: Step,
  uses: readonly ToolUse[],
): Promise<void> {
  for (const use of uses) {
    const named = {
      agent_name: displayNameOf(step.agent),
      state: 'thinking',
      call_id: use.call_id,
      tool_name: use.tool_name,
    }
    await say(tx, ctx, session, 'tool_call', `[tool call: ${use.tool_name}]`, { ...named, arguments: use.arguments })
    await say(tx, ctx, session, 'tool_result', `[tool result for ${use.tool_name}: ${use.result.slice(0, 300)}]`, {
      ...named,
      result: use.result,
      duration_ms: use.duration_ms,
      ...(use.error ? { error: use.error } : {}),
    })
    if (use.error)
      await say(tx, ctx, session, 'error', toolTrouble(use), {
        code: 'TOOL_FAILED',
        agent_name: displayNameOf(step.agent),
        state: 'thinking',
      })
    await appendTrace(tx, ctx, session.event_brief_id, {
      action: 'tool_call',
      status: use.error ? 'failure' : 'success',
      agent_name: step.agent,
      tool_name: use.tool_name,
      session_id: session.session_id,
      instruction_level: session.instruction_level,
      duration_ms: Math.round(use.duration_ms),
      correlation_id: session.correlation_id,
      ...(use.error ? { error: { message: use.error, stack: null } } : {}),
    })
  }
}

const toolTrouble = ({ tool_name, error, fallback }: ToolUse): string =>
  fallback
    ? `${tool_name} failed (${error}); the offline catalogue or the built-in formulas answered instead`
    : `${tool_name} failed: ${error}; the team goes on without it`

/** An answer that had to be repaired: what was missing, for the log and for the person. */
async function tellRepair(tx: Tx, ctx: Ctx, session: Session, step: Step, performed: Performed): Promise<void> {
  const who = displayNameOf(step.agent)
  const wrong = [...new Set(performed.repaired)].slice(0, 8).join('; ')
  const message = performed.fallback
    ? `${who} gave two answers that do not fit, so the rules engine filled in: ${wrong}`
    : `${who} gave an answer that does not fit and repaired it: ${wrong}`
  await say(tx, ctx, session, 'error', message, { code: 'OUTPUT_INVALID', agent_name: who, state: 'thinking' })
  await appendTrace(tx, ctx, session.event_brief_id, {
    action: 'validate_artifact',
    status: 'failure',
    agent_name: step.agent,
    session_id: session.session_id,
    instruction_level: session.instruction_level,
    error: { message, stack: null },
    correlation_id: session.correlation_id,
  })
}

type Saving = { session: Session; step: Step; output: TurnOutput; onDraft?: (draft: Draft) => void }

/** Stores the drafts of a turn through the same rules as a person's; the first that breaks one throws. */
export async function saveDrafts(
  tx: Tx,
  base: Ctx,
  { session, step, output, onDraft }: Saving,
): Promise<ArtifactRef[]> {
  const ctx = agentCtx(base, step.agent, session.correlation_id)
  const eventId = session.event_brief_id
  const run = {
    session_id: session.session_id,
    instruction_level: session.instruction_level,
    ...(session.approval_timeout_minutes ? { approval_timeout_minutes: session.approval_timeout_minutes } : {}),
  }
  const before = await loadBoard(tx, eventId, new Date(base.kernel.clock.now()))
  const ids = new Map<string, string>()
  const refs: ArtifactRef[] = []
  let unsettled = false
  const save = async (draft: Draft, more: boolean) => {
    onDraft?.(draft)
    const there = ONCE.has(draft.type) ? onBoard(before, draft.type).find((one) => same(one, draft)) : undefined
    if (there) {
      if (draft.ref) ids.set(draft.ref, there.id)
      return
    }
    const stored: Stored = await saveArtifactIn(tx, ctx, eventId, draft.type, resolveRefs(draft.body, ids), {
      run,
      ...(draft.replaces ? { patchId: draft.replaces } : {}),
      more,
    })
    unsettled = more
    if (draft.ref) ids.set(draft.ref, stored.id)
    refs.push({ artifact_type: draft.type, artifact_id: stored.id, version: stored.version })
    await say(tx, ctx, session, 'artifact_generated', `${draft.type} ${stored.id} version ${stored.version}`, {
      agent_name: ctx.actor.name,
      state: 'thinking',
      artifact_type: draft.type,
      artifact_id: stored.id,
      version: stored.version,
      validation_status: stored.validation_status,
    })
  }
  for (const [index, draft] of output.artifacts.entries())
    await save(draft, output.artifacts[index + 1]?.type === draft.type)
  if (unsettled) await settleEvent(tx, ctx, eventId) // the last of a list was there already
  return refs
}

/** Stores what an agent made: drafts, decisions, message and traces, in one transaction. */
export async function saveTurn(
  tx: Tx,
  base: Ctx,
  session: Session,
  step: Step,
  { performed, duration, message_id }: { performed: Performed; duration: number; message_id: string },
): Promise<ArtifactRef[]> {
  const { output, fallback, usage, engine, repaired } = performed
  const ctx = agentCtx(base, step.agent, session.correlation_id)
  const eventId = session.event_brief_id
  if (repaired.length > 0) await tellRepair(tx, base, session, step, performed)
  const refs = await saveDrafts(tx, base, { session, step, output })
  let conflict: string | null = null
  for (const decision of output.decisions) {
    const closes = decision.decision_type === 'conflict_resolution' ? conflict : null
    const stored = await appendDecision(tx, ctx, eventId, {
      ...decision,
      alternatives_considered: decision.alternatives_considered.map(({ score, rank, ...rest }) => ({
        ...rest,
        score: score ?? null,
        rank: rank ?? null,
      })),
      impacted_artifacts: refs.slice(0, 20),
      session_id: session.session_id,
      agent_name: ctx.actor.name ?? null,
      instruction_level: session.instruction_level,
      instruction_set_version: sheetOf(step.agent).version,
      ...(closes ? { relates_to: closes } : {}),
    })
    const known = { agent_name: ctx.actor.name, decision_id: stored.id }
    if (decision.decision_type === 'conflict') {
      conflict = stored.id
      const options = stored.alternatives_considered
      await say(tx, ctx, session, 'conflict_detected', stored.description, { ...known, options })
    } else if (closes) {
      const resolution = { ...known, decision_id: closes, resolution: stored.rationale }
      await say(tx, ctx, session, 'conflict_resolved', stored.description, resolution)
    }
  }
  if (fallback && engine === 'rules')
    await appendDecision(tx, ctx, eventId, {
      decision_type: 'fallback',
      description: `The rules engine filled in for the model in "${step.task}"`,
      rationale: `1 repair attempt was not enough: ${fallback.slice(0, 500)}`,
      alternatives_considered: [
        { option: 'Rules engine', score: null, pros: ['Always valid'], cons: ['Less wording'], rank: 1 },
      ],
      session_id: session.session_id,
      agent_name: ctx.actor.name ?? null,
    })
  await addMessage(tx, ctx, session, {
    role: 'agent',
    agent: step.agent,
    content: output.summary,
    metadata: { task: step.task, engine, artifacts: refs, ...(fallback ? { fallback } : {}) },
    id: message_id,
  })
  if (fallback && engine === 'rules')
    await addMessage(tx, ctx, session, {
      role: 'system',
      content: `Made without the model: the rules engine filled in for ${displayNameOf(step.agent)} (${fallback.slice(0, 300)}).`,
      metadata: { task: step.task, engine, fallback },
    })
  await appendTrace(tx, ctx, eventId, {
    action: 'invoke_agent',
    status: 'success',
    agent_name: step.agent,
    session_id: session.session_id,
    instruction_level: session.instruction_level,
    output_artifacts: refs.map(({ artifact_type, artifact_id, version }) => ({
      type: artifact_type,
      id: artifact_id,
      version,
    })),
    duration_ms: Math.round(duration),
    usage,
    correlation_id: session.correlation_id,
  })
  session.artifacts_generated.push(...refs)
  return refs
}

const NAMES: Readonly<Record<string, string>> = {
  TaskRegister: 'title',
  RiskRegister: 'description',
  VenueLeads: 'venue_name',
  VenueShortlist: 'venue_name',
  VendorContracts: 'vendor_name',
}
const same = (stored: Stored, { type, body }: Draft): boolean =>
  stored['status'] !== 'cancelled' &&
  String(stored[NAMES[type]!]).toLowerCase() === String(body[NAMES[type]!]).toLowerCase() &&
  (type !== 'VenueShortlist' || stored['venue_role'] === body['venue_role'])
