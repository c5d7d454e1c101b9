import { asApiError } from '../../../api/api-error.ts'
import type { ConfigProblem } from '../types.ts'

/** The problems inside a refusal of a configuration; none when it was refused for another reason. */
export function readProblems(error: unknown): ConfigProblem[] {
  const { details } = asApiError(error)
  return Array.isArray(details.problems) ? (details.problems as ConfigProblem[]) : []
}
