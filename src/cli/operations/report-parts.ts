import type { Io } from '../io.ts'

export type Part = { name: string; work: () => Promise<string> }
type Outcome = { part: string; ok: boolean; says: string }

/** Runs the parts one after the other, whatever fails; one line each. True when all went well. */
export async function reportParts(
  io: Io,
  parts: readonly Part[],
  words: { good: string; bad: string },
  asJson: boolean,
): Promise<boolean> {
  const outcomes: Outcome[] = []
  for (const { name, work } of parts) {
    const outcome = await work().then(
      (says): Outcome => ({ part: name, ok: true, says }),
      (error: Error): Outcome => ({ part: name, ok: false, says: error.message }),
    )
    outcomes.push(outcome)
    if (!asJson) io.out(`${(outcome.ok ? words.good : words.bad).padEnd(6)}  ${name.padEnd(18)} ${outcome.says}`)
  }
  const ok = outcomes.every((outcome) => outcome.ok)
  if (asJson) io.out(JSON.stringify({ ok, parts: outcomes }))
  return ok
}
