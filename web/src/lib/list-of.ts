/** The list inside a reply, under its own name or as the reply itself; an empty list when there is none. */
export function listOf<T>(reply: unknown, name: string): T[] {
  if (Array.isArray(reply)) return reply as T[]
  const value =
    (reply as Record<string, unknown> | undefined)?.[name] ?? (reply as Record<string, unknown> | undefined)?.items
  return Array.isArray(value) ? (value as T[]) : []
}
