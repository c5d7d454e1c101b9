import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowRight, Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useMemo, useState } from 'react'
import { api } from '../api/client.ts'
import { useServerKind } from '../api/server-kind.ts'
import { cx } from '../lib/cx.ts'
import { applyTheme } from '../lib/theme.ts'
import { type Command, rankCommands } from './commands.ts'
import { NAV, NEW_ITEMS, READER_NAV } from './nav.ts'

type RunList = { runs: { id: string; title: string; domain: string; status: string }[] }
type TaskList = { tasks: { id: string; description: string; status: string }[] }

/** Search and commands in one: places, beginnings, tasks and runs by their words, and any id typed or pasted. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const [cursor, setCursor] = useState(0)
  const reader = useServerKind() === 'reader'
  const tasks = useQuery({
    enabled: !reader,
    queryKey: ['tasks', 'palette'],
    queryFn: () => api<TaskList>('/tasks', { query: { limit: 50 } }),
  })
  const runs = useQuery({
    enabled: !reader,
    queryKey: ['runs', 'palette'],
    queryFn: () => api<RunList>('/v1/runs', { query: { limit: 100 } }),
  })
  const commands = useMemo<Command[]>(
    () => [
      ...(reader ? READER_NAV : NAV).flat().map((item) => ({
        id: item.to,
        label: item.label,
        group: 'Go to',
        to: item.to,
        hint: `g ${item.key}`,
      })),
      ...(reader ? [] : NEW_ITEMS).map((item) => ({
        id: `new${item.to}`,
        label: `New ${item.label.toLowerCase()}`,
        group: 'Start',
        to: item.to,
        search: item.search,
      })),
      ...(['light', 'dark', 'system'] as const).map((theme) => ({
        id: theme,
        label: `Use ${theme} colours`,
        group: 'Do',
        run: () => applyTheme(theme),
      })),
      ...(tasks.data?.tasks ?? []).map((task) => ({
        id: task.id,
        label: task.description,
        group: 'Tasks',
        to: `/tasks/${task.id}`,
        hint: task.status,
      })),
      // A task is found above, by its own screen.
      ...(runs.data?.runs ?? [])
        .filter(({ domain }) => domain !== 'tasks')
        .map(({ id, title, status }) => ({ id, label: title, group: 'Runs', to: `/runs/${id}`, hint: status })),
    ],
    [tasks.data, runs.data, reader],
  )
  const found = useMemo(() => rankCommands(commands, query), [commands, query])
  const run = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.run?.()
    if (command.to) void navigate({ to: command.to, search: command.search ?? {} } as never)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by) {
      event.preventDefault()
      setCursor((now) => (now + by + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter') run(found[cursor])
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fade-in fixed inset-0 z-40 bg-[var(--shade)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fade-in fixed top-[12vh] left-1/2 z-50 w-[min(600px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-md border border-line bg-raised shadow-pop"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <div className="flex items-center gap-2.5 border-b border-line px-4">
            <Search size={17} aria-hidden="true" className="text-ink-3" />
            <input
              role="combobox"
              aria-expanded="true"
              aria-controls="palette-list"
              aria-activedescendant={found[cursor] ? `palette-${cursor}` : undefined}
              aria-label="Search or type a command or an id"
              placeholder="Search, or type a command or an id…"
              value={query}
              onChange={(event) => {
                setQuery(event.target.value)
                setCursor(0)
              }}
              onKeyDown={onKeyDown}
              className="h-12 flex-1 bg-transparent text-base outline-none"
            />
          </div>
          <div id="palette-list" role="listbox" aria-label="Found" className="max-h-[52vh] overflow-y-auto p-1.5">
            {found.map((command, i) => (
              <div key={`${command.group}${command.id}`}>
                {command.group === found[i - 1]?.group ? null : (
                  <p role="presentation" className="px-2.5 pt-2 pb-1 text-2xs font-medium text-ink-3">
                    {command.group}
                  </p>
                )}
                <button
                  type="button"
                  id={`palette-${i}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={i === cursor}
                  onMouseMove={() => setCursor(i)}
                  onClick={() => run(command)}
                  className={cx(
                    'flex h-9 w-full items-center gap-2.5 rounded px-2.5 text-left text-sm',
                    i === cursor && 'bg-accent-soft text-accent-ink',
                  )}
                >
                  <ArrowRight size={14} aria-hidden="true" className="shrink-0 text-ink-3" />
                  <span className="min-w-0 flex-1 truncate">{command.label}</span>
                  {command.hint ? <span className="shrink-0 font-mono text-2xs text-ink-3">{command.hint}</span> : null}
                </button>
              </div>
            ))}
            {found.length === 0 ? (
              <p className="p-4 text-center text-sm text-ink-2">Nothing found for “{query}”.</p>
            ) : null}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
