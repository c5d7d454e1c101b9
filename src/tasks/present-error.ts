import type { FieldProblem } from '../kernel/errors/app-error.ts'
import type { Presenter } from '../kernel/http/presenter.ts'

/** Error bodies of this contract: `detail`, `code`, and fields when there are any (2.1). */
export const tasksPresenter: Presenter = {
  statuses: {
    FILE_TYPE_NOT_ALLOWED: 400,
    FILE_TOO_LARGE: 400,
    EMPTY_FILE: 400,
    FOLDER_FULL: 413,
    NOT_A_FILE: 400,
    UNSUPPORTED_MEDIA_TYPE: 400,
    DECOMPOSITION_ERROR: 500,
    APPROVAL_ALREADY_DECIDED: 409,
    ALREADY_DECIDED: 409,
  },
  codes: {
    UNSUPPORTED_MEDIA_TYPE: 'VALIDATION_ERROR',
    FOLDER_FULL: 'PAYLOAD_TOO_LARGE',
    NOT_A_FILE: 'PATH_NOT_ALLOWED',
  },
  present({ code, message, details }) {
    const { fields, ...rest } = details as { fields?: FieldProblem[]; expires_at?: string; reason?: string }
    return {
      detail: message,
      code,
      ...(fields ? { errors: fields.map(({ field, message: problem }) => ({ field, message: problem })) } : {}),
      ...(rest.expires_at ? { expires_at: rest.expires_at } : {}),
      ...(rest.reason ? { reason: rest.reason } : {}),
    }
  },
}
