type Edited = { ok: true; patch: Record<string, unknown> } | { ok: false; problem: string }

/** What was changed in a state given as JSON: the parts that differ, those that are gone as null. */
export function changedState(original: string, edited: string): Edited {
  let value: unknown
  try {
    value = JSON.parse(edited)
  } catch (error) {
    return { ok: false, problem: `Not valid JSON: ${(error as Error).message}` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, problem: 'Must be a JSON object' }
  const before = JSON.parse(original) as Record<string, unknown>
  const after = value as Record<string, unknown>
  const patch: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) patch[key] = after[key] ?? null
  return { ok: true, patch }
}
