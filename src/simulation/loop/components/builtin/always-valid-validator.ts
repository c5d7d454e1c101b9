import { BaseValidator } from '../base-validator.ts'

/** Accepts everything. */
export class AlwaysValidValidator extends BaseValidator {
  validateAction() {
    return true
  }
}
