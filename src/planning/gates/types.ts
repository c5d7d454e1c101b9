import type { Board } from '../artifacts/board.ts'
import type { GateResult, LifecycleState, Outcome } from '../schema.ts'

export type GateInput = { board: Board; outcome?: Outcome | undefined }
/** Every check of one gate, in the contract's order, none skipped. Pure. */
export type GateCheck = (input: GateInput) => GateResult[]

/** A quality gate between two states; `missing` names the artifact types its failed existence checks lack. */
export type Gate = {
  name: string
  from: LifecycleState
  to: LifecycleState
  check: GateCheck
  missing(input: GateInput): string[]
}
