import { describe, expect, it } from 'vitest'
import { commandForId, rankCommands } from './commands.ts'

const commands = [
  { id: '/inbox', label: 'Inbox', group: 'Go to', to: '/inbox' },
  { id: '/simulation', label: 'Simulation', group: 'Go to', to: '/simulation' },
  { id: 'new/simulation', label: 'New simulation', group: 'Start', to: '/simulation' },
  { id: 't1', label: 'Scrape prices', group: 'Tasks', to: '/tasks/t1' },
]

describe('finding a command', () => {
  it('leads a pasted id to its screen', () => {
    expect(commandForId('task_251108101500_0123456789ab')?.to).toBe('/tasks/task_251108101500_0123456789ab')
    expect(commandForId(' agent_3 ')?.search).toEqual({ id: 'agent_3' })
    expect(commandForId('demo_2agents_20251008_103044_01')?.to).toBe('/simulation/demo_2agents_20251008_103044_01')
    expect(commandForId('hello')).toBeUndefined()
  })
  it('needs every word and keeps groups together', () => {
    expect(rankCommands(commands, 'sim').map((c) => c.label)).toEqual(['Simulation', 'New simulation'])
    expect(rankCommands(commands, 'new sim').map((c) => c.label)).toEqual(['New simulation'])
    expect(rankCommands(commands, 'zebra')).toEqual([])
  })
})
