import { AppError } from '../errors/app-error.ts'

/** What went wrong, in the words of retry policies and event streams. */
export type ModelErrorType =
  | 'timeout'
  | 'connection_error'
  | 'server_error'
  | 'rate_limited'
  | 'client_error'
  | 'authentication'
  | 'invalid_response'
  | 'refused'
  | 'not_configured'
  | 'budget_exceeded'
  | 'unknown_error'

type Options = {
  suggestion?: string
  cause?: unknown
  status?: number | undefined
  retryAfterMs?: number | undefined
  details?: Record<string, unknown>
}

const TRANSIENT: ReadonlySet<ModelErrorType> = new Set([
  'timeout',
  'connection_error',
  'server_error',
  'rate_limited',
  'unknown_error',
])

/** A call of a model that gave no usable answer. `suggestion` says what to do; `transient`: the same call may succeed later. */
export class ModelError extends AppError {
  readonly errorType: ModelErrorType
  readonly suggestion: string
  readonly transient: boolean
  readonly status: number | undefined
  /** How long the provider asked to wait. */
  readonly retryAfterMs: number | undefined
  constructor(code: string, errorType: ModelErrorType, message: string, options: Options = {}) {
    const suggestion = options.suggestion ?? 'Try again later; the work goes on without the model meanwhile.'
    super(code, message, { ...options.details, error_type: errorType, suggestion }, { cause: options.cause })
    this.name = 'ModelError'
    this.errorType = errorType
    this.suggestion = suggestion
    this.transient = TRANSIENT.has(errorType)
    this.status = options.status
    this.retryAfterMs = options.retryAfterMs
  }
}

export class AuthenticationError extends ModelError {
  readonly auth_method: string
  constructor(authMethod: string, message: string, options: Options = {}) {
    super('MODEL_AUTHENTICATION', 'authentication', message, {
      suggestion:
        authMethod === 'claude_code'
          ? 'Log in with the command-line client (run it once by hand), or unset CLAUDECODE and set a key.'
          : 'Check the key: ANTHROPIC_API_KEY, or LLM_API_KEY for the provider in LLM_PROVIDER. Restart after a change.',
      ...options,
    })
    this.name = 'AuthenticationError'
    this.auth_method = authMethod
  }
}

export class RateLimitError extends ModelError {
  constructor(message: string, options: Options = {}) {
    super('MODEL_RATE_LIMITED', 'rate_limited', message, {
      suggestion: 'Wait, lower LLM_MAX_CONCURRENT, or raise the limit at the provider.',
      ...options,
    })
    this.name = 'RateLimitError'
  }
}

export class TimeoutError extends ModelError {
  constructor(timeoutMs: number, options: Options = {}) {
    super('MODEL_TIMEOUT', 'timeout', `The model did not answer within ${timeoutMs} ms.`, {
      suggestion: 'Raise LLM_TIMEOUT_SECONDS, choose a faster model, or shorten the input.',
      ...options,
    })
    this.name = 'TimeoutError'
  }
}

export class ModelNotConfiguredError extends ModelError {
  constructor(message = 'No language model is configured.', options: Options = {}) {
    super('MODEL_NOT_CONFIGURED', 'not_configured', message, {
      suggestion:
        'Set ANTHROPIC_API_KEY, or LLM_PROVIDER with LLM_BASE_URL, LLM_API_KEY and LLM_MODEL, or CLAUDECODE=1, then restart.',
      ...options,
    })
    this.name = 'ModelNotConfiguredError'
  }
}

/** The answer arrived and is not usable: empty, cut off, no JSON, wrong shape, or refused by the domain's checks. */
export class InvalidAnswerError extends ModelError {
  readonly violations: readonly string[]
  readonly text: string
  constructor(violations: readonly string[], text: string, options: Options = {}) {
    super('MODEL_INVALID_ANSWER', 'invalid_response', `The model's answer is not usable: ${violations.join('; ')}.`, {
      suggestion:
        'Choose a model that follows a JSON schema more reliably, or raise LLM_MAX_TOKENS if answers are cut off.',
      ...options,
    })
    this.name = 'InvalidAnswerError'
    this.violations = violations
    this.text = text
  }
}

export class BudgetExceededError extends ModelError {
  constructor(message: string, details: Record<string, unknown>) {
    super('MODEL_BUDGET_EXCEEDED', 'budget_exceeded', message, {
      suggestion: 'Raise LLM_BUDGET_TOKENS or LLM_BUDGET_USD, or let the craft finish.',
      details,
    })
    this.name = 'BudgetExceededError'
  }
}

/** Any failure as a ModelError; an abort by the caller stays what it is. */
export const asModelError = (error: unknown): ModelError => {
  if (error instanceof ModelError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ModelError('MODEL_ERROR', 'unknown_error', `The model call failed: ${message}`, { cause: error })
}
