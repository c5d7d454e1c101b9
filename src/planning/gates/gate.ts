import type { Board } from '../artifacts/board.ts'
import type { ArtifactType, GateResult, LifecycleState, Outcome } from '../schema.ts'

/** What a gate knows beside the board. */
export type GateInput = { board: Board; now?: Date; outcome?: Outcome | undefined }

/** One check: `failure` is its message when it does not pass. */
export type Check = {
  check: string
  code: string
  failure: string | null
  artifact_id?: string | undefined
  /** One result for each of these ids, e.g. every orphan task. */
  ids?: readonly string[]
  /** Absent: named in `missing_artifacts`. */
  missing?: ArtifactType
  /** The artifact it reads is missing: not passed, but not repeated among the failures. */
  moot?: boolean
}
export type Gate = { name: string; from: LifecycleState; to: LifecycleState; checks(input: GateInput): Check[] }

export type GateReport = {
  passed: boolean
  missing_artifacts: string[]
  failed_gates: string[]
  gate_results: GateResult[]
  /** The first failed message. */
  first: string | null
}

/** Runs all checks of a gate, stopping at none. */
export function runGate(gate: Gate, input: GateInput): GateReport {
  const checks = gate.checks(input)
  const failing = checks.filter(({ failure, moot }) => failure !== null || moot)
  const said = failing.filter(({ moot }) => !moot).map(({ failure }) => failure!)
  return {
    passed: failing.length === 0,
    missing_artifacts: [
      ...new Set(checks.flatMap(({ missing, failure }) => (missing && failure !== null ? [missing] : []))),
    ],
    failed_gates: [...new Set(said.map((message) => `${gate.name}: ${message}`))],
    gate_results: checks.flatMap(({ check, code, failure, artifact_id, ids, moot }) => {
      const passed = failure === null && !moot
      const row = {
        gate: gate.name,
        check,
        code,
        passed,
        message: failure ?? (moot ? 'not checked: its artifact is missing' : 'ok'),
      }
      const about = passed || !ids?.length ? [artifact_id] : ids
      return about.map((id) => ({ ...row, ...(id === undefined ? {} : { artifact_id: id }) }))
    }),
    first: said[0] ?? null,
  }
}

/** The existence of an artifact as a check. */
export function exists(type: ArtifactType, code: string, found: { id: string } | null | undefined): Check {
  const check = `${type} exists`
  return found
    ? { check, code, failure: null, artifact_id: found.id }
    : { check, code, failure: `${type} not found`, missing: type }
}

/** A check of something that may be missing. */
export function about<T extends { id: string }>(
  found: T | null | undefined,
  check: string,
  code: string,
  fails: (value: T) => string | false | { message: string; ids: readonly string[] },
): Check {
  if (!found) return { check, code, failure: null, moot: true }
  const result = fails(found)
  if (result === false) return { check, code, failure: null, artifact_id: found.id }
  return typeof result === 'string'
    ? { check, code, failure: result, artifact_id: found.id }
    : { check, code, failure: result.message, ids: result.ids, artifact_id: found.id }
}
