// Two runs side by side: which steps both made, and the first place where they went apart. What differs by nature (ids, times) does not count.
import type { RunStep, RunView } from './schema.ts'

export type StepBrief = Pick<RunStep, 'stage_no' | 'stage' | 'step' | 'title' | 'kind' | 'status' | 'agent_id'>
export type Difference = { path: string; left: unknown; right: unknown }
export type ComparedRow = { left: StepBrief | null; right: StepBrief | null; same: boolean; differs: Difference[] }
export type Comparison = {
  /** Stages of the left run before the fork, which both share; 0 when neither is a fork of the other. */
  shared_stages: number
  rows: ComparedRow[]
  /** Index of the first row that differs; null when both went the same way. */
  first_divergence: number | null
}

const MAX_DIFFERENCES = 20
const VOLATILE_KEY = /(^|_)(at|ms|duration|timestamp|elapsed|correlation_id|run_id|id)$/i
const VOLATILE_TEXT =
  /\b[a-z]+_[0-9a-hjkmnp-tv-z]{26}(?:_\d+)*\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\dT[\d:.]+Z?\b|\bcorr-\d{8}-\w+\b/gi

const plain = (text: string) => text.replace(VOLATILE_TEXT, '…')

function sameValue(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return plain(left) === plain(right)
  return left === right || (left === null && right === undefined) || (left === undefined && right === null)
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The leaves in which two values differ, as paths such as `output.draft.0.title`. */
export function differences(left: unknown, right: unknown, path: string, found: Difference[] = []): Difference[] {
  if (found.length >= MAX_DIFFERENCES) return found
  if (isRecord(left) && isRecord(right) && Array.isArray(left) === Array.isArray(right)) {
    for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])]) {
      if (VOLATILE_KEY.test(key)) continue
      differences(left[key], right[key], `${path}.${key}`, found)
    }
    return found
  }
  if (!sameValue(left, right)) found.push({ path, left: left ?? null, right: right ?? null })
  return found
}

const brief = ({ stage_no, stage, step, title, kind, status, agent_id }: RunStep): StepBrief => ({
  stage_no,
  stage,
  step,
  ...(title ? { title } : {}),
  kind,
  status,
  agent_id,
})

const SIDES = ['input', 'output', 'error'] as const

function compareSteps(left: RunStep, right: RunStep): Difference[] {
  const found: Difference[] = []
  for (const name of ['stage', 'step', 'title', 'status', 'agent_id'] as const)
    if (!sameValue(left[name], right[name])) found.push({ path: name, left: left[name], right: right[name] })
  for (const side of SIDES) differences(left[side], right[side], side, found)
  return found
}

/** A key that both runs give to the same step, whatever the number of its stage. */
const keysOf = (steps: readonly RunStep[]): string[] => {
  const seen = new Map<string, number>()
  let last = -1
  let stageKey = ''
  return steps.map((step) => {
    if (step.stage_no !== last) {
      const count = (seen.get(step.stage) ?? 0) + 1
      seen.set(step.stage, count)
      stageKey = `${step.stage}#${count}`
      last = step.stage_no
    }
    return `${stageKey}/${step.step}`
  })
}

/** Aligns the steps of two runs and marks where they first differ. A fork is compared from its fork on. */
export function compareRuns(
  left: Pick<RunView, 'id' | 'forked_from' | 'forked_at'>,
  leftSteps: readonly RunStep[],
  right: Pick<RunView, 'id' | 'forked_from' | 'forked_at'>,
  rightSteps: readonly RunStep[],
  /** Both count their stages from the same beginning: a fork shows what it took over under the old numbers. */
  numberedAlike = false,
): Comparison {
  const cutLeft = right.forked_from === left.id && right.forked_at ? right.forked_at : 1
  const cutRight = left.forked_from === right.id && left.forked_at ? left.forked_at : 1
  const cut = numberedAlike ? Math.max(cutLeft, cutRight) : undefined
  const a = leftSteps.filter((step) => step.stage_no >= (cut ?? cutLeft))
  const b = rightSteps.filter((step) => step.stage_no >= (cut ?? cutRight))
  const [aKeys, bKeys] = [keysOf(a), keysOf(b)]
  const bIndex = new Map(bKeys.map((key, i) => [key, i]))
  const rows: ComparedRow[] = []
  let at = 0
  const alone = (step: RunStep, side: 'left' | 'right') =>
    rows.push({
      left: side === 'left' ? brief(step) : null,
      right: side === 'right' ? brief(step) : null,
      same: false,
      differs: [],
    })
  for (const [i, step] of a.entries()) {
    const found = bIndex.get(aKeys[i]!)
    if (found === undefined || found < at) {
      alone(step, 'left')
      continue
    }
    for (; at < found; at++) alone(b[at]!, 'right')
    const differs = compareSteps(step, b[found]!)
    rows.push({ left: brief(step), right: brief(b[found]!), same: differs.length === 0, differs })
    at = found + 1
  }
  for (; at < b.length; at++) alone(b[at]!, 'right')
  const first = rows.findIndex((row) => !row.same)
  return {
    shared_stages: Math.max(cutLeft, cutRight) - 1,
    rows,
    first_divergence: first === -1 ? null : first,
  }
}
