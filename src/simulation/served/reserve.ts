import { AppError } from '../../kernel/errors/app-error.ts'
import { UsageError } from '../loop/core/errors.ts'
import { GIVEN_RUN_ID, reserveGivenId, reserveRunId } from '../loop/run/run-id.ts'
import type { About } from './child-protocol.ts'

/** Creates the folder of a served run, so that its id is final at once. Throws INVALID_CONFIG or RUN_ID_EXISTS. */
export function reserve(outputRoot: string, runId: unknown, about: About): string {
  if (runId === undefined || runId === null) return reserveRunId(outputRoot, about.name, about.agents, new Date())
  if (typeof runId !== 'string' || !GIVEN_RUN_ID.test(runId)) {
    const expected = `text matching ${GIVEN_RUN_ID.source}`
    const problem = {
      path: 'run_id',
      line: null,
      expected,
      actual: JSON.stringify(runId),
      remedy: 'Correct or omit run_id.',
    }
    const message = `run_id must be ${expected}`
    throw new AppError('INVALID_CONFIG', message, { problems: [{ ...problem, message }] })
  }
  try {
    return reserveGivenId(outputRoot, runId)
  } catch (error) {
    if (error instanceof UsageError) throw new AppError('RUN_ID_EXISTS', error.message, { run_id: runId })
    throw error
  }
}
