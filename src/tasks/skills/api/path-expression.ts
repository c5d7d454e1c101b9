import { invalid } from '../skill-error.ts'

/** A small path language for JSON: `$.data.items[*].email`, `[0].name`, `a["b c"]`, `..email`. */

type Step =
  | { kind: 'key'; name: string }
  | { kind: 'index'; at: number }
  | { kind: 'all' }
  | { kind: 'deep'; name: string }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function parsePath(expression: string): Step[] {
  const text = expression.trim().replace(/^\$/, '')
  const token = /\.\.([\w-]+)|\.?\*|\.?([\w-]+)|\[\s*(?:\*|(-?\d+)|"([^"]*)"|'([^']*)')\s*\]/y
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    token.lastIndex = at
    const match = token.exec(text)
    if (!match) throw invalid(`"${expression.slice(0, 100)}" is no path: write for example data.items[*].email`)
    at = token.lastIndex
    const [all, deep, name, index, double, single] = match
    if (deep !== undefined) steps.push({ kind: 'deep', name: deep })
    else if (index !== undefined) steps.push({ kind: 'index', at: Number(index) })
    else if (name !== undefined || double !== undefined || single !== undefined)
      steps.push({ kind: 'key', name: (name ?? double ?? single)! })
    else if (all.includes('*')) steps.push({ kind: 'all' })
  }
  return steps
}

function deepValues(value: unknown, name: string, found: unknown[], depth = 0): void {
  if (depth > 50 || typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && key === name) found.push(inner)
    deepValues(inner, name, found, depth + 1)
  }
}

/** A list when the path can have several answers, else the value; undefined when there is nothing. */
export function readPath(value: unknown, expression: string): unknown {
  let current: unknown[] = [value]
  let isMany = false
  let isImplied = false
  for (const step of parsePath(expression)) {
    const next: unknown[] = []
    for (const item of current) {
      if (step.kind === 'all') {
        if (Array.isArray(item)) next.push(...item)
        else if (isRecord(item)) next.push(...Object.values(item))
      } else if (step.kind === 'deep') deepValues(item, step.name, next)
      else if (step.kind === 'index') {
        const found = Array.isArray(item) ? item.at(step.at) : undefined
        if (found !== undefined) next.push(found)
      } else if (isRecord(item) && Object.hasOwn(item, step.name)) next.push(item[step.name])
      // A name after a list means the name in each of its items.
      else if (Array.isArray(item)) {
        isImplied = true
        next.push(
          ...item.flatMap((inner) => (isRecord(inner) && Object.hasOwn(inner, step.name) ? [inner[step.name]] : [])),
        )
      }
    }
    if (step.kind === 'all' || step.kind === 'deep') isMany = true
    current = next
  }
  // A name that no item of a list has is nothing, not an empty list.
  return isMany || (isImplied && current.length > 0) ? current : current[0]
}
