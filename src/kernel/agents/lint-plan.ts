// What makes a plan impossible or endless, found before anything is dispatched. Pure; every rule runs, so that all faults are told at once.
import type { z } from 'zod'
import type { NewAssignment, NewPlan } from './plan-types.ts'

export type PlanFinding = { code: PlanFault; field: string; message: string }
export type PlanFault =
  | 'PLAN_EMPTY'
  | 'PLAN_TOO_LARGE'
  | 'KEY_BLANK'
  | 'KEY_REPEATED'
  | 'OWNER_MISSING'
  | 'OWNER_UNKNOWN'
  | 'PREREQUISITE_UNKNOWN'
  | 'PREREQUISITE_SELF'
  | 'CYCLE'
  | 'INPUT_NOT_AN_OBJECT'
  | 'INPUT_NOT_JSON'
  | 'INPUT_TOO_LARGE'
  | 'INPUT_TYPE'
  | 'INPUT_FROM_ELSEWHERE'
  | 'STOP_RULE'
  | 'PRIORITY'
  | 'CHECKER_UNKNOWN'
  | 'CHECKER_TOO_EARLY'
  | 'CHECKER_IS_AUTHOR'

/** What the pool knows: who could exist, what they take, how long an attempt may last. */
export type PlanRules = {
  capabilities?: readonly string[]
  input?: z.ZodType
}

export const MAX_ASSIGNMENTS = 20_000
export const MAX_INPUT_BYTES = 1_048_576
export const MAX_ATTEMPT_SECONDS = 86_400

/** `{ "$from": "key" }` anywhere in an input stands for the output of that assignment. */
function references(value: unknown, found: string[] = [], depth = 0): string[] {
  if (value === null || typeof value !== 'object' || depth > 20) return found
  for (const [key, inner] of Object.entries(value))
    if (key === '$from' && typeof inner === 'string') found.push(inner)
    else references(inner, found, depth + 1)
  return found
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, inner) => {
      if (
        ['function', 'symbol', 'bigint'].includes(typeof inner) ||
        (typeof inner === 'number' && !Number.isFinite(inner))
      )
        throw new TypeError('not JSON')
      return inner
    })
  } catch {
    return undefined // cyclic, or not representable
  }
}

/** Keys on or behind a cycle. Kahn's algorithm, linear in assignments and edges: what is never freed has a cycle before it. */
function cycleOf(
  assignments: readonly NewAssignment[],
  prerequisites: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const open = new Map(assignments.map((a) => [a.key, prerequisites.get(a.key)!.size]))
  const dependents = new Map<string, string[]>()
  for (const [key, needs] of prerequisites)
    for (const need of needs) {
      const list = dependents.get(need)
      if (list) list.push(key)
      else dependents.set(need, [key])
    }
  const free = [...open].flatMap(([key, needs]) => (needs === 0 ? [key] : []))
  for (let key = free.pop(); key !== undefined; key = free.pop()) {
    open.delete(key)
    for (const dependent of dependents.get(key) ?? []) {
      const needs = open.get(dependent)! - 1
      open.set(dependent, needs)
      if (needs === 0) free.push(dependent)
    }
  }
  return [...open.keys()]
}

/** Whether `to` comes before `from` in the graph, however many steps lie between. */
function isBefore(to: string, from: string, prerequisites: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>()
  const stack = [...(prerequisites.get(from) ?? [])]
  for (let key = stack.pop(); key !== undefined; key = stack.pop()) {
    if (key === to) return true
    if (seen.has(key)) continue
    seen.add(key)
    stack.push(...(prerequisites.get(key) ?? []))
  }
  return false
}

/** All faults of a plan; none means that every assignment can start, ends, and has somebody who could do it. */
export function lintPlan({ assignments }: Pick<NewPlan, 'assignments'>, rules: PlanRules = {}): PlanFinding[] {
  const found: PlanFinding[] = []
  const add = (code: PlanFault, field: string, message: string) => void found.push({ code, field, message })
  if (assignments.length === 0) add('PLAN_EMPTY', 'assignments', 'a plan needs at least one assignment')
  if (assignments.length > MAX_ASSIGNMENTS) {
    add('PLAN_TOO_LARGE', 'assignments', `at most ${MAX_ASSIGNMENTS} assignments: split the work into several plans`)
    return found
  }
  const keys = new Set<string>()
  const byKey = new Map(assignments.map((a) => [a.key, a]))
  const prerequisites = new Map<string, Set<string>>()
  for (const { key, dependsOn } of assignments)
    prerequisites.set(key, new Set((dependsOn ?? []).filter((need) => byKey.has(need) && need !== key)))

  assignments.forEach((a, i) => {
    const at = (name: string) => `assignments.${i}.${name}`
    if (a.key.trim() === '') add('KEY_BLANK', at('key'), 'needs a name')
    else if (keys.has(a.key)) add('KEY_REPEATED', at('key'), `${a.key} is used twice: keys must be unique`)
    keys.add(a.key)

    if (a.capabilities.length === 0) add('OWNER_MISSING', at('capabilities'), 'needs at least one capability')
    else if (rules.capabilities && !a.capabilities.some((word) => rules.capabilities!.includes(word)))
      add(
        'OWNER_UNKNOWN',
        at('capabilities'),
        `no agent can have ${a.capabilities.join(' or ')}: use ${rules.capabilities.join(', ')}`,
      )

    for (const need of a.dependsOn ?? [])
      if (need === a.key) add('PREREQUISITE_SELF', at('dependsOn'), `${need} cannot wait for itself`)
      else if (!byKey.has(need))
        add('PREREQUISITE_UNKNOWN', at('dependsOn'), `${need} is not another assignment of this plan`)

    if (a.input === null || typeof a.input !== 'object' || Array.isArray(a.input))
      add('INPUT_NOT_AN_OBJECT', at('input'), 'must be an object')
    else {
      const json = jsonOf(a.input)
      if (json === undefined) add('INPUT_NOT_JSON', at('input'), 'must be plain JSON: no functions, NaN or circles')
      else if (json.length > MAX_INPUT_BYTES)
        add('INPUT_TOO_LARGE', at('input'), `is ${json.length} bytes: at most ${MAX_INPUT_BYTES}, pass a file instead`)
      else {
        const parsed = rules.input?.safeParse(a.input)
        for (const issue of parsed?.error?.issues ?? [])
          add('INPUT_TYPE', [at('input'), ...issue.path.map(String)].join('.'), issue.message)
        for (const from of references(a.input))
          if (!byKey.has(from) || !isBefore(from, a.key, prerequisites))
            add('INPUT_FROM_ELSEWHERE', at('input'), `takes the output of ${from}, which does not come before it`)
      }
    }

    const limit = a.timeoutSeconds
    if (limit !== undefined && !(Number.isFinite(limit) && limit > 0 && limit <= MAX_ATTEMPT_SECONDS))
      add(
        'STOP_RULE',
        at('timeoutSeconds'),
        `must be between 0 and ${MAX_ATTEMPT_SECONDS} seconds, or it may never stop`,
      )
    if (a.priority !== undefined && !(Number.isInteger(a.priority) && a.priority >= 0 && a.priority <= 100))
      add('PRIORITY', at('priority'), 'must be a whole number from 0 to 100')

    if (a.checks === undefined) return
    const checked = byKey.get(a.checks)
    if (!checked) add('CHECKER_UNKNOWN', at('checks'), `${a.checks} is not an assignment of this plan`)
    else if (a.checks === a.key) add('CHECKER_IS_AUTHOR', at('checks'), 'work cannot be checked by itself')
    else if (!isBefore(a.checks, a.key, prerequisites))
      add('CHECKER_TOO_EARLY', at('checks'), `checks ${a.checks} but does not wait for it`)
  })
  const cycle = cycleOf(assignments.length === byKey.size ? assignments : [...byKey.values()], prerequisites)
  if (cycle.length > 0) add('CYCLE', 'assignments', `circular dependencies among ${cycle.slice(0, 20).join(', ')}`)
  return found
}
