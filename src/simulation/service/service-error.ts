/** A request the service cannot answer; the transport turns the code into a status. */
export class ServiceError extends Error {
  readonly code: 'NOT_FOUND' | 'INVALID_PARAMETER'
  readonly details: Record<string, unknown> | undefined
  constructor(code: ServiceError['code'], message: string, details?: Record<string, unknown>) {
    super(message)
    this.name = 'ServiceError'
    this.code = code
    this.details = details
  }
}

export const simulationNotFound = (id: string) => new ServiceError('NOT_FOUND', `Simulation ${id} not found`)
export const eventNotFound = (eventId: string, id: string) =>
  new ServiceError('NOT_FOUND', `Event ${eventId} not found in simulation ${id}`)
export const invalidParameter = (parameter: string, expected: string, actual: string) =>
  new ServiceError('INVALID_PARAMETER', `${parameter} must be ${expected}`, { parameter, expected, actual })
