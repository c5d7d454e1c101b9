import { AppError } from '../../kernel/errors/app-error.ts'
import type { SubTaskErrorCode } from '../schema.ts'

/** Why a step cannot be carried out. The subtask's `error` becomes `code: message` (contract 3.7.3). */
export class SkillError extends AppError {
  declare readonly code: SubTaskErrorCode
  constructor(code: SubTaskErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, {}, options)
    this.name = 'SkillError'
  }
}

export const invalid = (message: string): SkillError => new SkillError('INVALID_INPUT', message)

/** Work a skill can do without: undefined when a person denied it or nobody answered. Every other failure stays one. */
export async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof SkillError && (error.code === 'APPROVAL_DENIED' || error.code === 'APPROVAL_TIMEOUT'))
      return undefined
    throw error
  }
}
