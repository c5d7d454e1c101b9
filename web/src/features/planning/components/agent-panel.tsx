import { Chip } from '../../../components/chip.tsx'
import { cx } from '../../../lib/cx.ts'
import { agentLook, TEAM } from '../lib/agents.ts'
import type { AgentLive } from '../lib/session-log.ts'

/** A face of the team: a letter in the agent's colour. */
export function AgentFace({ color, letter, size = 22 }: { color: string; letter: string; size?: number }) {
  return (
    <span
      aria-hidden="true"
      className="grid shrink-0 place-items-center rounded-full border text-2xs font-semibold"
      style={{ width: size, height: size, color, borderColor: color }}
    >
      {letter}
    </span>
  )
}

/** Every agent with its state, what it is at, and how far. */
export function AgentStatusPanel({ agents }: { agents: Record<string, AgentLive> }) {
  const extra = Object.keys(agents).filter((id) => !TEAM.some((member) => member.id === id))
  const team = [...TEAM, ...extra.map((id) => ({ id, name: id, short: id, color: 'var(--series-8)' }))]
  return (
    <ul aria-label="The team" className="flex flex-col">
      {team.map((member) => {
        const live = agents[member.id] ?? { state: 'idle', task: null, progress: 0 }
        const look = agentLook(live.state)
        const busy = look.tone === 'running'
        return (
          <li
            key={member.id}
            data-testid={`agent-status-${member.id}`}
            data-state={live.state}
            className="flex min-h-7 items-center gap-2 text-sm"
          >
            <AgentFace color={member.color} letter={member.short.slice(0, 1)} />
            <span className="shrink-0 font-medium">{member.short}</span>
            <span className="min-w-0 flex-1 truncate text-xs text-ink-3" title={live.task ?? undefined}>
              {live.task ?? ''}
            </span>
            {busy ? (
              <span
                role="progressbar"
                aria-label={`${member.name} progress`}
                aria-valuenow={live.progress}
                aria-valuemin={0}
                aria-valuemax={100}
                className="h-1 w-10 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset"
              >
                <span className="block h-full bg-running" style={{ width: `${live.progress}%` }} />
              </span>
            ) : null}
            <span className={cx(busy && 'pulse-dot')}>
              <Chip status={live.state} tone={look.tone} word={look.word} />
            </span>
          </li>
        )
      })}
    </ul>
  )
}
