/** Keys whose version differs from before, new ones included. When most of a list is new it is another list: then none. */
export function changedKeys(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const keys = [...now].filter(([key, version]) => before.get(key) !== version).map(([key]) => key)
  return new Set(keys.length > Math.max(8, now.size / 2) ? [] : keys)
}
