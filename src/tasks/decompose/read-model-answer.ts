import { CAPABILITIES, type Capability, type SubTask } from '../schema.ts'
import { type Decomposition, fitDescription, MAX_SUBTASKS, type NewId } from './decompose-by-rules.ts'

type Item = Record<string, unknown>

/** The outermost JSON array of a text, fenced or not; else the whole text parsed; undefined when neither is an array (5.3, 1). */
export function arrayIn(text: string): unknown[] | undefined {
  const tries = [text.slice(text.indexOf('['), text.lastIndexOf(']') + 1), text]
  for (const candidate of tries) {
    if (candidate.trim() === '') continue
    try {
      const parsed: unknown = JSON.parse(candidate)
      if (Array.isArray(parsed)) return parsed
    } catch {
      // not JSON: the next candidate, or the rules
    }
  }
  return undefined
}

const isRecord = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value)

function capabilitiesOf(item: Item): Capability[] {
  const given = Array.isArray(item['required_capabilities']) ? item['required_capabilities'] : []
  const known = [...new Set(given)].filter((word): word is Capability =>
    (CAPABILITIES as readonly unknown[]).includes(word),
  )
  return known.length > 0 ? known : ['code_generation']
}

/** Dependency positions without those out of range, repeated, or of the step itself (5.3, 3). */
function positionsOf(item: Item, self: number, count: number): number[] {
  const given = Array.isArray(item['dependencies']) ? item['dependencies'] : []
  return [...new Set(given)].filter(
    (at): at is number => Number.isInteger(at) && (at as number) >= 0 && (at as number) < count && at !== self,
  )
}

/** Drops the back edges of a depth-first search in position order, so that no cycle is left (5.3, 4). */
export function dropBackEdges(dependencies: readonly number[][]): {
  dependencies: number[][]
  dropped: [number, number][]
} {
  const kept: number[][] = dependencies.map(() => [])
  const dropped: [number, number][] = []
  const state = dependencies.map(() => 0)
  const visit = (at: number) => {
    state[at] = 1
    for (const next of dependencies[at]!) {
      if (state[next] === 1) {
        dropped.push([at, next])
        continue
      }
      kept[at]!.push(next)
      if (state[next] === 0) visit(next)
    }
    state[at] = 2
  }
  for (let at = 0; at < dependencies.length; at++) if (state[at] === 0) visit(at)
  return { dependencies: kept, dropped }
}

/** A model's answer as subtasks; undefined when it holds none and the rules should work instead (5.3). Pure up to the ids. */
export function readModelAnswer(text: string, taskText: string, newId: NewId): Decomposition | undefined {
  const items = arrayIn(text)?.filter(isRecord).slice(0, MAX_SUBTASKS)
  if (!items || items.length === 0) return undefined
  const ids = items.map(() => newId())
  const { dependencies, dropped } = dropBackEdges(items.map((item, i) => positionsOf(item, i, items.length)))
  const subtasks = items.map((item, i): SubTask => {
    const { description, priority, estimated_duration, input_data } = item
    return {
      id: ids[i]!,
      description: fitDescription(typeof description === 'string' && description.trim() ? description : taskText),
      required_capabilities: capabilitiesOf(item),
      dependencies: dependencies[i]!.map((position) => ids[position]!),
      priority:
        typeof priority === 'number' && Number.isFinite(priority) ? Math.min(10, Math.max(0, Math.round(priority))) : 5,
      estimated_duration:
        typeof estimated_duration === 'number' && estimated_duration > 0
          ? Math.max(1, Math.round(estimated_duration))
          : null,
      input_data: isRecord(input_data) ? input_data : {},
    }
  })
  const warnings =
    dropped.length > 0
      ? [
          `The model's steps depended on each other in a circle; dropped ${dropped.map(([from, to]) => `${from} -> ${to}`).join(', ')}`,
        ]
      : []
  return { method: 'model', subtasks, warnings }
}
