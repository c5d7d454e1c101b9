import type { Presenter } from '../kernel/http/presenter.ts'

/** Error body of contract 2.1; the common words of the platform are told in this contract's. */
export const moviesPresenter: Presenter = {
  statuses: {
    VALIDATION_ERROR: 400,
    INVALID_CHOICE: 400,
    MISSING_PREREQUISITES: 400,
    WORKFLOW_EXISTS: 409,
    INVALID_STATE: 409,
    PENDING_DECISION: 409,
    NO_PENDING_DECISION: 409,
    AGENT_EXISTS: 409,
    AGENT_HAS_ACTIVE_TASKS: 409,
    RESOURCE_LIMIT: 409,
    RATE_LIMIT_EXCEEDED: 429,
  },
  codes: {
    RATE_LIMITED: 'RATE_LIMIT_EXCEEDED',
    STORE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
    FOREIGN_ORIGIN: 'FORBIDDEN',
  },
  present: ({ code, message, details, correlationId }) => ({
    error: message,
    message,
    code,
    details,
    timestamp: new Date().toISOString(),
    correlation_id: correlationId,
  }),
}
