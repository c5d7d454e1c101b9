/** The name that was most likely meant: at most a third of its letters differ. Undefined when none is that near. */
export function closest(given: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, changes: changesBetween(given, name) }))
    .filter(({ name, changes }) => changes <= Math.ceil(name.length / 3))
  return near.sort((a, b) => a.changes - b.changes)[0]?.name
}

/** Letters to add, drop or replace (Levenshtein, one row of the table at a time). */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
