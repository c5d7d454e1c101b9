import {
  CheckpointLoadError,
  ConfigurationError,
  ResumeError,
  RunIdCollisionError,
  SchemaCompatibilityError,
  UsageError,
} from '../loop/core/errors.ts'
import { ServiceError } from '../service/service-error.ts'

/** `differs`: compared runs are not the same. */
export const EXIT = { success: 0, failed: 1, differs: 1, usage: 2, integrity: 3, interrupted: 130 } as const

const REFUSALS = [
  ConfigurationError,
  UsageError,
  ResumeError,
  CheckpointLoadError,
  SchemaCompatibilityError,
  RunIdCollisionError,
  ServiceError,
]

/** Exit code of a command that threw before its run existed. */
export const exitCodeOf = (error: unknown): number =>
  REFUSALS.some((refusal) => error instanceof refusal) ? EXIT.usage : EXIT.failed
