export type ErrorHelp = { code: string; message: string; advice: string; retry: 'plain' | 'edit' | 'none' }

type Row = [code: string, advice: string, retry: ErrorHelp['retry']]

const ROWS: Row[] = [
  ['INVALID_INPUT', 'Correct what the step was given, then retry it.', 'edit'],
  ['MODEL_NOT_CONFIGURED', 'Configure a model, or reword the step so that a built-in skill fits, then retry.', 'edit'],
  ['MODEL_ERROR', 'The model did not answer. Retry in a moment.', 'plain'],
  ['TIMEOUT', 'Retry, and give it longer with timeout_seconds in the input.', 'edit'],
  ['NO_CAPABLE_AGENT', 'Start an agent that has this capability, then retry.', 'plain'],
  ['AGENT_LOST', 'The agent went away too often. Check that it is running, then retry.', 'plain'],
  ['TOOL_ERROR', 'A tool failed; its message says why.', 'edit'],
  ['NETWORK_ERROR', 'Check the address and that the host can be reached, then retry.', 'edit'],
  ['FILE_NOT_FOUND', 'Attach the file or correct its name, then retry.', 'edit'],
  ['UNSUPPORTED_FORMAT', 'Use one of the supported formats, then retry.', 'edit'],
  ['PATH_NOT_ALLOWED', "Use a path inside the task's folder, then retry.", 'edit'],
  ['SQL_NOT_ALLOWED', 'Only reading SQL is allowed here. Correct the query, then retry.', 'edit'],
  ['SQL_ERROR', 'Correct the query, then retry.', 'edit'],
  ['APPROVAL_DENIED', 'A person said no. Retry if that has changed.', 'plain'],
  ['APPROVAL_TIMEOUT', 'Nobody answered in time. Retry and approve the call.', 'plain'],
  ['CANCELLED', 'The step was cancelled.', 'none'],
  ['INTERNAL', 'Something unexpected. Retry; if it happens again, report it with the log.', 'plain'],
]

/** A subtask's error split into code and message, with what the person can do about it. */
export function errorHelp(error: string): ErrorHelp {
  const match = /^([A-Z][A-Z_]+):\s*([\s\S]*)$/.exec(error)
  const row = ROWS.find(([code]) => code === match?.[1]) ?? ROWS.at(-1)!
  return { code: match?.[1] ?? 'INTERNAL', message: match?.[2] ?? error, advice: row[1], retry: row[2] }
}
