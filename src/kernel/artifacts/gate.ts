/** What a gate found. No findings means the gate is open. */
export type Finding = { code: string; message: string; field: string }

/** A pure check of what it is given. */
export type Check<T> = (subject: T) => readonly Finding[]

/** Runs every check, also after a failing one, so that a person sees all that is missing at once. */
export const runGate = <T>(checks: readonly Check<T>[], subject: T): Finding[] =>
  checks.flatMap((check) => check(subject))
