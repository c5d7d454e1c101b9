/**
 * What a verb throws when it refuses. `code` is the contract's machine code; each transport holds its own table from
 * code to status, so a verb knows nothing of HTTP. `message` names the thing and what to do next.
 */
export class AppError extends Error {
  readonly code: string
  readonly details: Record<string, unknown>
  constructor(code: string, message: string, details: Record<string, unknown> = {}, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}

export type FieldProblem = { field: string; message: string; value?: unknown; constraint?: string }

/** Bad input: every problem with its field and remedy. */
export class ValidationError extends AppError {
  readonly fields: FieldProblem[]
  constructor(message: string, fields: FieldProblem[]) {
    super('VALIDATION_ERROR', message, { fields })
    this.name = 'ValidationError'
    this.fields = fields
  }
}
