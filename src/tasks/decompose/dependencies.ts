import { maskProtected } from './split-text.ts'

export type StepLink = {
  text: string
  joint: 'start' | 'comma' | 'and' | 'hard'
  sequenced: boolean
  /** The step is nothing but calculations with numbers of its own. */
  isArithmetic: boolean
}

const FREEING = /\b(?:independently|in\s+parallel|simultaneously|separately)\b/i
const GATHERING = /^(?:combine|merge|aggregate|summari[sz]e|compare\s+(?:the\s+|all\s+|all\s+the\s+)?results)\b/i

const freeing = (text: string) => FREEING.test(maskProtected(text))

/**
 * Positions each step depends on (contract 5.6.1, rule 5). A sequencing word begins a new phase; a freeing word frees the steps of its own phase
 * from each other, never those that gather results nor the first one after free steps, which waits for all of these.
 */
export function linkSteps(steps: readonly StepLink[]): number[][] {
  const phases: number[] = []
  for (const [i, step] of steps.entries()) phases.push(i === 0 ? 0 : phases[i - 1]! + (step.sequenced ? 1 : 0))
  const freePhases = new Set(phases.filter((_, i) => freeing(steps[i]!.text)))
  const isFree: boolean[] = []
  const links: number[][] = []
  for (const [i, step] of steps.entries()) {
    const previous = steps[i - 1]
    isFree.push(freePhases.has(phases[i]!))
    if (i === 0) links.push([])
    else if (GATHERING.test(step.text)) {
      isFree[i] = false
      links.push(Array.from({ length: i }, (_, n) => n))
    } else if (isFree[i] && !step.sequenced) {
      const head = phases.indexOf(phases[i]!)
      links.push(head === 0 ? [] : links[head]!)
    } else if (step.joint === 'and' && step.isArithmetic && previous!.isArithmetic) links.push(links[i - 1]!)
    else links.push(freeRunBefore(i, isFree, phases))
  }
  return links
}

/** The step before, or all free steps of its phase. */
function freeRunBefore(i: number, isFree: readonly boolean[], phases: readonly number[]): number[] {
  const run = [i - 1]
  if (!isFree[i - 1]) return run
  for (let n = i - 2; n >= 0 && isFree[n] && phases[n] === phases[i - 1]; n--) run.unshift(n)
  return run
}
