import { CAPABILITIES, type Capability, MAX_SUBTASKS, type SubTask } from '../schema.ts'
import { type Decomposition, fitDescription, type NewId } from './decompose-by-rules.ts'

const KNOWN = new Set<string>(CAPABILITIES)
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where the array that opens at `start` closes, texts in quotes aside; -1 when it does not. */
function closingBracket(text: string, start: number): number {
  let depth = 0
  let inText = false
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (inText) {
      if (character === '\\') at++
      else if (character === '"') inText = false
    } else if (character === '"') inText = true
    else if (character === '[' || character === '{') depth++
    else if ((character === ']' || character === '}') && --depth === 0) return at
  }
  return -1
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The outermost JSON array in a text, with or without a fence and prose around it; undefined when there is none. */
export function findArray(text: string): unknown[] | undefined {
  let empty: unknown[] | undefined
  for (let start = text.indexOf('['); start >= 0; start = text.indexOf('[', start + 1)) {
    const end = closingBracket(text, start)
    const found = end < 0 ? undefined : parseArray(text.slice(start, end + 1))
    if (!found) continue
    // Prose may hold arrays of its own: a plan is a list of objects.
    if (found.some(isRecord)) return found
    empty ??= found.length === 0 ? found : undefined
  }
  return empty ?? parseArray(text.trim())
}

function capabilitiesOf(value: unknown): Capability[] {
  const names = Array.isArray(value) ? value.filter((name): name is Capability => KNOWN.has(name as string)) : []
  return names.length > 0 ? [...new Set(names)] : ['code_generation']
}

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : undefined

function dependenciesOf(value: unknown, own: number, count: number): number[] {
  const positions = (Array.isArray(value) ? value : []).filter(
    (position): position is number =>
      Number.isInteger(position) && position >= 0 && position < count && position !== own,
  )
  return [...new Set(positions)]
}

/** Drops the edges that close a circle, as a depth-first walk in position order meets them. Returns what was dropped. */
export function dropBackEdges(links: number[][]): [number, number][] {
  const dropped: [number, number][] = []
  const state = links.map(() => 'new' as 'new' | 'open' | 'done')
  const visit = (at: number) => {
    state[at] = 'open'
    links[at] = links[at]!.filter((next) => {
      if (state[next] === 'open') {
        dropped.push([at, next])
        return false
      }
      if (state[next] === 'new') visit(next)
      return true
    })
    state[at] = 'done'
  }
  for (let at = 0; at < links.length; at++) if (state[at] === 'new') visit(at)
  return dropped
}

function toSubTask(item: unknown, id: string, dependencies: string[], jobText: string): SubTask {
  const given = isRecord(item) ? item : {}
  const said =
    typeof given['description'] === 'string' ? given['description'].trim() : typeof item === 'string' ? item.trim() : ''
  const duration = wholeNumber(given['estimated_duration'])
  return {
    id,
    description: fitDescription(said || jobText),
    required_capabilities: capabilitiesOf(given['required_capabilities']),
    dependencies,
    priority: Math.max(0, Math.min(10, wholeNumber(given['priority']) ?? 5)),
    estimated_duration: duration !== undefined && duration > 0 ? duration : null,
    input_data: isRecord(given['input_data']) ? given['input_data'] : {},
  }
}

/** A model's plan as subtasks, cleaned by contract 5.3. Undefined when the answer holds no usable list: then the fallback works. */
export function readDecomposition(answer: string, jobText: string, newId: NewId): Decomposition | undefined {
  const items = findArray(answer)
  if (!items || items.length === 0) return undefined
  const kept = items.slice(0, MAX_SUBTASKS)
  const ids = kept.map(() => newId())
  const links = kept.map((item, at) =>
    dependenciesOf(isRecord(item) ? item['dependencies'] : undefined, at, kept.length),
  )
  const dropped = dropBackEdges(links)
  const warnings = [
    ...(items.length > kept.length
      ? [`The model planned ${items.length} steps; only the first ${MAX_SUBTASKS} are kept`]
      : []),
    ...dropped.map(([from, to]) => `The model's plan had a circle: step ${from} no longer waits for step ${to}`),
  ]
  const subtasks = kept.map((item, at) =>
    toSubTask(
      item,
      ids[at]!,
      links[at]!.map((position) => ids[position]!),
      jobText,
    ),
  )
  return { method: 'model', subtasks, warnings }
}
