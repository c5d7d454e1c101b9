import type { PlatformAgent } from '../api/agents.ts'

export type Pool = { name: string; agents: PlatformAgent[]; busy: number; slots: number; offline: number }

/** Agents by pool, with how much of their room is taken. */
export function poolsOf(agents: readonly PlatformAgent[]): Pool[] {
  const names = [...new Set(agents.map((agent) => agent.pool))].sort()
  return names.map((name) => {
    const own = agents
      .filter((agent) => agent.pool === name)
      .sort((a, b) => a.id.localeCompare(b.id, undefined, { numeric: true }))
    const sum = (of: (agent: PlatformAgent) => number) => own.reduce((total, agent) => total + of(agent), 0)
    return {
      name,
      agents: own,
      busy: sum((a) => a.running),
      slots: sum((a) => a.slots),
      offline: own.filter((a) => a.status === 'offline').length,
    }
  })
}

/** The share of work that ended well, in percent; undefined before anything ended. */
export function successOf(agent: Pick<PlatformAgent, 'completed' | 'failed'>): number | undefined {
  const [good, bad] = [agent.completed ?? 0, agent.failed ?? 0]
  return good + bad === 0 ? undefined : Math.round((100 * good) / (good + bad))
}
