export type Command = {
  id: string
  label: string
  group: string
  hint?: string
  to?: string
  search?: Record<string, string>
  run?: () => void
}

/** Where an id leads, told by its form; undefined when it is none that has a screen. */
export function commandForId(text: string): Command | undefined {
  const id = text.trim()
  const open = (label: string, to: string, search?: Record<string, string>): Command => ({
    id,
    label: `${label} ${id}`,
    group: 'Open',
    to,
    ...(search ? { search } : {}),
  })
  if (/^task_\d{12}_[0-9a-f]{12}$/.test(id)) return open('Task', `/tasks/${id}`)
  if (/^run_[\w-]+$/.test(id)) return open('Run', `/runs/${id}`)
  if (/^(dec|decision)_[\w-]+$/.test(id)) return open('Question', '/inbox', { id })
  if (/^agent_\d+$/.test(id)) return open('Agent', '/agents', { id })
  if (/^(evt_)?[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id)) return open('Event', '/events', { id })
  if (/^aud_[\w-]+$/.test(id)) return open('Audit row', '/audit', { id })
  if (/_\d+agents_\d{8}_\d{6}_\d{2}$/.test(id)) return open('Simulation', `/simulation/${id}`)
  return undefined
}

/** The commands that fit a query, best first: an id's screen, then names that begin so, then names that contain every word. */
export function rankCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0)
    return commands
      .filter((command) => command.group !== 'Tasks' && command.group !== 'Runs')
      .concat(commands.filter((command) => command.group === 'Tasks').slice(0, 5))
  const byId = commandForId(query)
  const score = (command: Command) => {
    const label = command.label.toLowerCase()
    if (!words.every((word) => label.includes(word) || command.id.toLowerCase().includes(word))) return 0
    return label.startsWith(words[0]!) ? 3 : label.includes(` ${words[0]!}`) ? 2 : 1
  }
  const groups = [...new Set(commands.map((command) => command.group))]
  const found = commands
    .map((command) => ({ command, score: score(command), group: groups.indexOf(command.group) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => a.group - b.group || b.score - a.score)
    .map((one) => one.command)
  return [...(byId ? [byId] : []), ...found].slice(0, 40)
}
