import type { ErrorCategory } from '../engine/engine-state.ts'

/** Why an attempt failed, with the category that decides what follows (contract 3.10). */
export class TaskFailure extends Error {
  readonly type: string
  readonly category: ErrorCategory
  constructor(type: string, category: ErrorCategory, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'TaskFailure'
    this.type = type
    this.category = category
  }
}
