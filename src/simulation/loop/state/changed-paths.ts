import { deepEqual, isMap } from '../core/json.ts'

const LIMIT = 50

/** Places below a collection that differ, at most 50: `food`, `[2].price`. */
export function changedPaths(before: unknown, after: unknown): string[] {
  const paths: string[] = []
  collect(before, after, '', paths)
  return paths
}

function collect(a: unknown, b: unknown, path: string, paths: string[]): void {
  if (paths.length >= LIMIT || deepEqual(a, b)) return
  const [left, right] = [children(a), children(b)]
  if (!left || !right || Array.isArray(a) !== Array.isArray(b)) {
    paths.push(path)
    return
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const step = Array.isArray(a) ? `[${key}]` : path === '' ? key : `.${key}`
    collect(left[key], right[key], path + step, paths)
  }
}

const children = (value: unknown): Record<string, unknown> | undefined =>
  Array.isArray(value) || isMap(value) ? (value as Record<string, unknown>) : undefined
