import { shapeOf } from './shapes.ts'
import { taskOf } from './tasks.ts'
import type { TurnInput } from './turn.ts'

/** What a model is told about this turn, beside who it is: the work, the order and shape of what it writes, and the rules it is stored under. */
export function briefTask({ agent, task }: Pick<TurnInput, 'agent' | 'task'>): string {
  const { does, owes, may = [], proposes, rules } = taskOf(agent, task)
  const types = [...new Set([...owes, ...may])]
  return [
    `This turn ("${task}"): ${does}`,
    types.length > 0
      ? `Write artifacts of these types only: ${types.join(', ')}${may.length > 0 ? ` (owed: ${owes.join(', ')})` : ''}. One draft an entry; drafts are stored in the order given.`
      : `Write no artifacts${proposes ? ': the proposal is your output' : ''}.`,
    ...rules.map((rule) => `- ${rule}`),
    ...types.map((type) => `Body of ${type}: ${shapeOf(type)}`),
  ].join('\n')
}
