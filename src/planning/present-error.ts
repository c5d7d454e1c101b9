import type { Presenter } from '../kernel/http/presenter.ts'

const BAD_REQUEST = [
  'MISSING_PARENT_ARTIFACT',
  'UNKNOWN_REFERENCE',
  'IMMUTABLE_FIELD',
  'CIRCULAR_DEPENDENCY',
  'OWNER_INVALID',
  'OWNER_REQUIRED',
  'WEIGHTS_SUM_INVALID',
  'RATIONALE_REQUIRED',
  'ALLOCATION_SUM_INVALID',
  'LINE_TOTAL_MISMATCH',
  'RESOURCE_CONFLICT',
  'SESSION_OUT_OF_RANGE',
  'MILESTONE_OUT_OF_RANGE',
  'CAPACITY_BELOW_AUDIENCE',
  'VENUE_CAPACITY_BELOW_MINIMUM',
  'VENUE_OUT_OF_BUDGET',
  'CONTRACT_OVER_ALLOCATION',
  'RATING_INCONSISTENT',
  'MITIGATION_REQUIRED',
  'TARGET_PHASE_NOT_AHEAD',
]
const CONFLICT = [
  'INVALID_TRANSITION',
  'PRECONDITIONS_NOT_MET',
  'LIFECYCLE_LOCKED',
  'VERSION_CONFLICT',
  'APPROVAL_ALREADY_DECIDED',
  'QUESTION_ALREADY_ANSWERED',
  'SESSION_ALREADY_RUNNING',
  'SESSION_NOT_RUNNING',
  'PLAN_NOT_READY',
  'IDEMPOTENCY_KEY_REUSED',
]

/** Error bodies of this contract (0.4): flat, with the lifecycle fields of 1.5 beside the message. */
export const planningPresenter: Presenter = {
  statuses: {
    ...Object.fromEntries(BAD_REQUEST.map((code) => [code, 400])),
    ...Object.fromEntries(CONFLICT.map((code) => [code, 409])),
    READ_ONLY_MODE: 503,
  },
  codes: { STORE_UNAVAILABLE: 'SERVICE_UNAVAILABLE', ALREADY_DECIDED: 'APPROVAL_ALREADY_DECIDED' },
  present({ code, message, details, correlationId }) {
    const { missing_artifacts, failed_gates, gate_results, ...rest } = details
    return {
      error: code,
      message,
      ...(failed_gates ? { missing_artifacts, failed_gates, gate_results } : {}),
      ...(Object.keys(rest).length > 0 ? { details: rest } : {}),
      correlation_id: correlationId,
    }
  },
}
