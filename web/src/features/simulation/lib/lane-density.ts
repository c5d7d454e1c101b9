import type { LaneBlock } from '../../../viewers/turn-lanes-layout.ts'
import type { SimTurn, SimType } from '../types.ts'

/** Types that belong to nobody. */
const WORLD: readonly SimType[] = ['MILESTONE', 'SYSTEM']
const MAX_BLOCKS = 200

/**
 * How busy each lane is where there are too many events to draw: turns gathered into at most 200 blocks. A turn's index tells
 * its counts by type and who took part, so an agent's lane is as dense as the turns it took part in.
 */
export function laneDensity(
  turns: readonly SimTurn[],
  window: readonly [number, number],
  world: string,
  isShown: (type: SimType) => boolean,
  agent: string | undefined,
): LaneBlock[] {
  const span = Math.max(1, Math.ceil((window[1] - window[0] + 1) / MAX_BLOCKS))
  const blocks = new Map<string, LaneBlock>()
  const add = (lane: string, turn: number, total: number) => {
    if (total === 0) return
    const from = window[0] + Math.floor((turn - window[0]) / span) * span
    const key = `${from}\n${lane}`
    const own = blocks.get(key)
    if (own) own.total += total
    else blocks.set(key, { lane, turn: from, span, total })
  }
  for (const { turn, counts, agents } of turns) {
    if (turn < window[0] || turn > window[1]) continue
    let [ofWorld, ofAgents] = [0, 0]
    for (const [type, count] of Object.entries(counts) as [SimType, number][]) {
      if (!isShown(type)) continue
      if (WORLD.includes(type)) ofWorld += count
      else ofAgents += count
    }
    if (!agent) add(world, turn, ofWorld)
    for (const name of agents) if (!agent || name === agent) add(name, turn, ofAgents / agents.length)
  }
  return [...blocks.values()].map((block) => ({ ...block, total: Math.max(1, Math.round(block.total)) }))
}
