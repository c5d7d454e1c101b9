/** The environment a child process gets: ours without the named variables. The parent's own environment never changes. */
export function childEnvironment(
  without: readonly string[],
  more: Record<string, string> = {},
): Record<string, string> {
  const hidden = new Set(without)
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !hidden.has(entry[0]),
  )
  return { ...Object.fromEntries(kept), ...more }
}
