import { formatNumber } from '../../../lib/format.ts'
import type { StateReply } from '../types.ts'

const MOST_VARIABLES = 12

const show = (value: unknown): string => {
  if (typeof value === 'number') return formatNumber(value, 4)
  if (value === null || value === undefined) return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Agents by variables at one moment; what changed in the turn is marked. Global variables stand above. */
export function StateTable({
  reply,
  changed,
  selected,
}: {
  reply: StateReply
  changed: Set<string>
  selected: string | undefined
}) {
  const { state } = reply
  const agents = Object.values(state.agents)
  const variables = [...new Set(agents.flatMap((agent) => Object.keys(agent)))]
    .filter((name) => name !== 'name')
    .slice(0, MOST_VARIABLES)
  const globals = Object.entries(state.global_state)
  const paused = new Set(state.paused_agents ?? [])
  return (
    <div>
      {reply.complete ? null : (
        <p className="border-b border-line bg-waiting-soft px-3 py-1 text-xs text-waiting-ink">
          Not everything was recorded: some values may be older.
        </p>
      )}
      {globals.length > 0 ? (
        <dl className="flex flex-wrap gap-x-5 gap-y-1 border-b border-line px-3 py-2 text-xs">
          {globals.map(([name, value]) => (
            <div key={name}>
              <dt className="inline text-ink-3">{name} </dt>
              <dd
                className={`tabular inline font-mono font-medium ${changed.has(`.${name}`) ? 'rounded bg-accent-soft px-1 text-accent-ink' : ''}`}
              >
                {show(value)}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <div
        role="region"
        aria-label="Agents and their variables"
        tabIndex={0}
        className="max-h-72 overflow-auto -outline-offset-2"
      >
        <table className="w-full text-xs">
          <thead className="sticky top-0 bg-sunken text-ink-2">
            <tr>
              <th scope="col" className="px-3 py-1.5 text-left font-medium">
                Agent
              </th>
              {variables.map((name) => (
                <th key={name} scope="col" className="px-3 py-1.5 text-right font-medium whitespace-nowrap">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <tr
                key={agent.name}
                className={`border-t border-line ${agent.name === selected ? 'bg-accent-soft' : ''}`}
              >
                <th scope="row" className="px-3 py-1 text-left font-medium whitespace-nowrap">
                  {agent.name}
                  {paused.has(agent.name) ? (
                    <span className="ml-1.5 text-2xs font-normal text-paused-ink">paused</span>
                  ) : null}
                </th>
                {variables.map((name) => (
                  <td
                    key={name}
                    className={`tabular max-w-40 truncate px-3 py-1 text-right font-mono ${changed.has(`${agent.name}.${name}`) ? 'bg-accent-soft text-accent-ink' : ''}`}
                    title={show(agent[name])}
                  >
                    {show(agent[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
