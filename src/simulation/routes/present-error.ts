import { AppError } from '../../kernel/errors/app-error.ts'
import type { Presenter } from '../../kernel/http/presenter.ts'
import { FilterError } from '../loop/events/event-filter.ts'
import { ServiceError } from '../service/service-error.ts'

/** Errors of the service as the contract's codes; anything else as it is. */
export function asAppError(error: unknown): unknown {
  if (error instanceof ServiceError) return new AppError(error.code, error.message, error.details)
  if (error instanceof FilterError) {
    const { parameter, expected, actual } = error
    return new AppError('INVALID_PARAMETER', error.message, { parameter, expected, actual })
  }
  return error
}

/** Error bodies of the simulation contract: `{ code, message, details? }`. */
export const simulationPresenter: Presenter = {
  statuses: { INVALID_PARAMETER: 400, INVALID_CONFIG: 400, RUN_ID_EXISTS: 409 },
  codes: { VALIDATION_ERROR: 'INVALID_PARAMETER' },
  present: ({ code, message, details }) => ({
    code,
    message,
    ...(Object.keys(details).length > 0 ? { details } : {}),
  }),
}
