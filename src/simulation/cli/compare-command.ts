import type { Config } from '../../kernel/config/load-config.ts'
import { compareRuns } from '../analysis/compare-runs.ts'
import { show } from '../loop/core/json.ts'
import type { Comparison } from '../schema.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { openRuns } from './open-runs.ts'
import { parseOptions } from './parse-options.ts'

export const compareOptions = { 'output-dir': { type: 'string' }, json: { type: 'boolean' } } as const
const SHOWN = 20

function describe({ a, b, same, compared, divergence, variables, settings }: Comparison): string {
  const range = `turns ${compared.from_turn} to ${compared.to_turn} at ${compared.level}`
  const lines = [`${a.run_id} and ${b.run_id}: ${same ? 'the same' : 'different'}, compared over ${range}`]
  if (divergence) {
    const { turn, kind, agent_id: agent, variable, a: mine, b: theirs } = divergence
    const what = [agent, variable].filter(Boolean).join('.')
    lines.push(`  first difference: turn ${turn}${what ? `, ${what}` : ''}${kind === 'state' ? ' (state)' : ''}`)
    if (kind === 'event')
      for (const [run, event] of [
        [a, mine],
        [b, theirs],
      ] as const)
        lines.push(`    ${run.run_id}: ${event ? `${event.event_type} ${event.description ?? ''}` : 'nothing'}`)
  }
  for (const one of variables.slice(0, SHOWN))
    lines.push(
      `  ${one.name}: from turn ${one.first_turn} (${show(one.a)} / ${show(one.b)}), at the end ${show(one.last_a)} / ${show(one.last_b)}`,
    )
  if (variables.length > SHOWN) lines.push(`  and ${variables.length - SHOWN} more variables`)
  for (const one of settings.slice(0, SHOWN)) lines.push(`  setting ${one.path}: ${show(one.a)} / ${show(one.b)}`)
  return `${lines.join('\n')}\n`
}

/** `troupe simulate compare`: two runs to their first divergence. Exit code 0 when they are the same, 1 when not. */
export async function compareCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, compareOptions, { min: 2, max: 2 })
  const found = await compareRuns(openRuns(values, io, config), positionals[0]!, positionals[1]!)
  io.stdout.write(values['json'] ? `${JSON.stringify(found)}\n` : describe(found))
  return found.same ? EXIT.success : EXIT.differs
}
