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
