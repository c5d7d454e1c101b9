import { type GateResult, LIFECYCLE_STATES, type LifecycleState } from '../schema.ts'
import { type GateInput, type GateReport, runGate } from './gate.ts'
import { GATES } from './gates.ts'

export type Refusal = {
  code: 'INVALID_TRANSITION' | 'PRECONDITIONS_NOT_MET'
  message: string
  missing_artifacts: string[]
  failed_gates: string[]
  gate_results: GateResult[]
}
export type TransitionPlan = { ok: true; gate: string; gate_results: GateResult[] } | ({ ok: false } & Refusal)

const position = (state: LifecycleState) => LIFECYCLE_STATES.indexOf(state)

/** The state after this one; null after the last. */
export const nextState = (state: LifecycleState): LifecycleState | null => LIFECYCLE_STATES[position(state) + 1] ?? null

/** The report of the gate that leads out of the event's state; null in the last state. */
export function nextGate(input: GateInput): (GateReport & { gate: string }) | null {
  const gate = GATES.find(({ from }) => from === input.board.brief.lifecycle_state)
  return gate ? { gate: gate.name, ...runGate(gate, input) } : null
}

/**
 * Whether the event may move to `target` (contract 1.5): only to the direct successor, only when all checks of its gate pass.
 * A skip names what the steps in between lack.
 */
export function planTransition(input: GateInput, target: LifecycleState): TransitionPlan {
  const current = input.board.brief.lifecycle_state
  if (nextState(current) !== target) {
    const message = `Invalid transition from ${current} to ${target}`
    const between = GATES.filter(
      ({ from, to }) => position(from) >= position(current) && position(to) <= position(target),
    )
    return {
      ok: false,
      code: 'INVALID_TRANSITION',
      message,
      missing_artifacts: [...new Set(between.flatMap((gate) => runGate(gate, input).missing_artifacts))],
      failed_gates: [`lifecycle: ${message}`],
      gate_results: [],
    }
  }
  const report = nextGate(input)!
  if (report.passed) return { ok: true, gate: report.gate, gate_results: report.gate_results }
  return {
    ok: false,
    code: 'PRECONDITIONS_NOT_MET',
    message: `Quality gate failed: ${report.first}`,
    missing_artifacts: report.missing_artifacts,
    failed_gates: report.failed_gates,
    gate_results: report.gate_results,
  }
}
