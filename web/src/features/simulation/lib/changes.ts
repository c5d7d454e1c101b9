export type WorldValues = { agents: Record<string, Record<string, unknown>>; global_state: Record<string, unknown> }
export type ChangeRow = { owner: string; variable: string; value: string }
export type Changes = { agents?: Record<string, Record<string, unknown>>; global_state?: Record<string, unknown> }

/** What was typed as a value: JSON, or the text itself. */
export function typedValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // A word needs no quotes.
  }
}

/** Rows with a value as the changes of a branch; undefined when there are none. */
export function changesOf(rows: readonly ChangeRow[]): Changes | undefined {
  const filled = rows.filter(({ variable, value }) => variable !== '' && value.trim() !== '')
  if (filled.length === 0) return undefined
  const changes: Changes = {}
  for (const { owner, variable, value } of filled) {
    if (owner === 'global') changes.global_state = { ...changes.global_state, [variable]: typedValue(value) }
    else {
      const own = { ...changes.agents?.[owner], [variable]: typedValue(value) }
      changes.agents = { ...changes.agents, [owner]: own }
    }
  }
  return changes
}

/** The present value of what a row changes, short. */
export function shownValue(world: WorldValues, { owner, variable }: ChangeRow): string {
  const value = (owner === 'global' ? world.global_state : world.agents[owner])?.[variable]
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '–')
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}
