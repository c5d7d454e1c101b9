import { CAPABILITIES, type Capability, type DecompositionMethod, MAX_SUBTASKS, type SubTask } from '../schema.ts'
import { readForms } from '../skills/arithmetic/read-forms.ts'
import { capabilityOf } from './capability-of.ts'
import { linkSteps } from './dependencies.ts'
import { splitText } from './split-text.ts'
import { joinTableSteps, TABLE_CAPABILITIES } from './table-steps.ts'

export type Decomposition = { method: DecompositionMethod; subtasks: SubTask[]; warnings: string[] }
export type NewId = () => string

const MAX_DESCRIPTION = 1000
const MIN_DESCRIPTION = 10

/** Seconds a step of a capability usually takes (contract 5.6.1, rule 7). */
export const USUAL_SECONDS: Readonly<Record<Capability, number>> = {
  api_integration: 15,
  web_scraping: 30,
  file_processing: 20,
  database_operations: 15,
  data_analysis: 30,
  code_generation: 60,
}

/** A text as a subtask description: 10 to 1000 characters. */
export function fitDescription(text: string): string {
  const characters = [...text.trim()]
  if (characters.length > MAX_DESCRIPTION) return `${characters.slice(0, MAX_DESCRIPTION - 1).join('')}…`
  return characters.join('') + '.'.repeat(Math.max(0, MIN_DESCRIPTION - characters.length))
}

const durationOf = (capabilities: readonly Capability[]): number | null =>
  capabilities.length === CAPABILITIES.length ? null : Math.max(...capabilities.map((name) => USUAL_SECONDS[name]))

type Step = { text: string; capabilities: readonly Capability[]; dependsOn: number[] }

const STORES = /\b(?:store|save|insert|load)(?:s|d|ing)?\b/i
const SOURCES: ReadonlySet<Capability> = new Set(['web_scraping', 'api_integration'])

/** Puts a validation between an extraction and the storing of what it found (rule 6). */
function insertValidation(steps: readonly Step[]): Step[] {
  const result: Step[] = []
  const moved: number[] = []
  for (const [i, step] of steps.entries()) {
    const dependsOn = step.dependsOn.map((position) => moved[position]!)
    const before = steps[i - 1]
    const needsCheck =
      step.capabilities[0] === 'database_operations' &&
      STORES.test(step.text) &&
      before !== undefined &&
      step.dependsOn.includes(i - 1) &&
      SOURCES.has(before.capabilities[0]!)
    if (needsCheck) result.push({ text: 'Validate the extracted data', capabilities: ['data_analysis'], dependsOn })
    moved.push(result.length)
    result.push(needsCheck ? { ...step, dependsOn: [result.length - 1] } : { ...step, dependsOn })
  }
  return result
}

function stepsOf(text: string): Step[] {
  const parts = joinTableSteps(text, splitText(text))
  const kept = parts.slice(0, MAX_SUBTASKS - 1)
  const rest = parts.slice(MAX_SUBTASKS - 1)
  if (rest.length > 0) kept.push({ ...rest[0]!, text: text.slice(rest[0]!.start).trim() })
  const links = linkSteps(
    kept.map((part) => ({ ...part, isArithmetic: !part.isTable && readForms(part.text).confidence >= 0.8 })),
  )
  const steps: Step[] = []
  for (const [i, part] of kept.entries()) {
    const own = capabilityOf(part.text)
    const capabilities = part.isTable ? TABLE_CAPABILITIES : own ? [own] : (steps[i - 1]?.capabilities ?? CAPABILITIES)
    steps.push({ text: part.text, capabilities, dependsOn: links[i]! })
  }
  const checked = insertValidation(steps)
  return checked.length > MAX_SUBTASKS ? steps : checked
}

/**
 * Splits a task text into subtasks without a model (contract 5.6.1). Deterministic up to the ids. The method is `fallback` when nothing is
 * recognised: then one subtask with all six capabilities.
 */
export function decomposeByRules(text: string, newId: NewId): Decomposition {
  const steps = stepsOf(text)
  const ids = steps.map(() => newId())
  const needed = new Set(steps.flatMap((step) => step.dependsOn))
  const subtasks = steps.map((step, i): SubTask => {
    return {
      id: ids[i]!,
      description: fitDescription(step.text),
      required_capabilities: [...step.capabilities],
      dependencies: step.dependsOn.map((position) => ids[position]!),
      priority: step.dependsOn.length === 0 && needed.has(i) ? 7 : 5,
      estimated_duration: durationOf(step.capabilities),
      input_data: {},
    }
  })
  const isFallback = subtasks.length === 1 && subtasks[0]!.required_capabilities.length === CAPABILITIES.length
  return { method: isFallback ? 'fallback' : 'rules', subtasks, warnings: [] }
}

/** The one subtask that any agent may take (contract 5.5). */
export function fallbackDecomposition(text: string, newId: NewId, warnings: string[] = []): Decomposition {
  const subtask: SubTask = {
    id: newId(),
    description: fitDescription(text),
    required_capabilities: [...CAPABILITIES],
    dependencies: [],
    priority: 5,
    estimated_duration: null,
    input_data: {},
  }
  return { method: 'fallback', subtasks: [subtask], warnings }
}

/** After a model error, timeout or invalid answer: the rules, or the single subtask when they find one step only (contract 5.5). */
export function decomposeAfterFailure(text: string, newId: NewId, reason: string): Decomposition {
  const byRules = decomposeByRules(text, newId)
  return byRules.subtasks.length > 1 ? { ...byRules, warnings: [reason] } : fallbackDecomposition(text, newId, [reason])
}
