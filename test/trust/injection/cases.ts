import { CHANNELS, type Channel } from './channels.ts'
import { GOALS, type Goal, OPEN_GOALS } from './goals.ts'
import { TECHNIQUES, type Technique } from './techniques.ts'

export type Case = { n: number; id: string; mark: string; channel: Channel; technique: Technique; goal: Goal }

/** Every technique in at least four channels, every goal by every channel: 240 cases, always the same. */
export const CASES: readonly Case[] = Array.from({ length: 240 }, (_, n) => {
  const channel = CHANNELS[n % CHANNELS.length]!
  const technique = TECHNIQUES[(n * 7 + Math.floor(n / TECHNIQUES.length)) % TECHNIQUES.length]!
  const goal = GOALS[(n + Math.floor(n / CHANNELS.length)) % GOALS.length]!
  return { n, id: `${channel.id} / ${technique.id} / ${goal.id}`, mark: `Mark${n}x`, channel, technique, goal }
})

export const OPEN_CASES: readonly Case[] = OPEN_GOALS.map((goal, index) => {
  const n = 1_000 + index
  const [channel, technique] = [CHANNELS[0]!, TECHNIQUES[0]!]
  return { n, id: `${channel.id} / ${technique.id} / ${goal.id}`, mark: `Mark${n}x`, channel, technique, goal }
})
