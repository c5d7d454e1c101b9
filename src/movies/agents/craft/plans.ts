import type { Shot, StoryboardFrame } from '../../schema.ts'
import type { AgentInput, Craft } from './craft.ts'
import { factsOf, itemsOf } from './story-facts.ts'

const FRAME_SECONDS = 15
const SEGMENT_SECONDS = 90

const shotsOrFrames = (input: AgentInput): { id: string; scene: number }[] => {
  const frames = new Map(
    itemsOf<StoryboardFrame>(input, 'storyboard_frames', 'frames').map((f) => [f.frame_id, f.scene_number]),
  )
  const shots = itemsOf<Shot>(input, 'shot_list')
  return shots.length > 0
    ? shots.map((s) => ({ id: s.shot_id, scene: frames.get(s.frame_id) ?? 0 }))
    : [...frames].map(([id, scene]) => ({ id, scene }))
}

/** The shots in order, with what each needs and how long it takes. */
export const productionPlan: Craft = (input) => {
  const tasks = shotsOrFrames(input).map((shot, i) => ({
    id: shot.id,
    order: i + 1,
    scene_number: shot.scene,
    resource: 'gpu',
    estimate: FRAME_SECONDS + SEGMENT_SECONDS,
  }))
  return { tasks, total_estimate: tasks.reduce((sum, t) => sum + t.estimate, 0) }
}

/** Rendering by scene, so that a scene can be judged as soon as possible. */
export const renderSchedule: Craft = (input) => {
  const bySceneThenOrder = shotsOrFrames(input)
    .map((shot, i) => ({ ...shot, i }))
    .sort((a, b) => a.scene - b.scene || a.i - b.i)
  const tasks = bySceneThenOrder.flatMap((shot, i) => [
    { id: `${shot.id}:frame`, order: 2 * i + 1, resource: 'image worker', estimate: FRAME_SECONDS },
    { id: `${shot.id}:segment`, order: 2 * i + 2, resource: 'video worker', estimate: SEGMENT_SECONDS },
  ])
  return { tasks, total_estimate: tasks.reduce((sum, t) => sum + t.estimate, 0) }
}

/** Everything the workflow has made, with version, checksum and place. */
export const assetCatalog: Craft = (input) => ({
  items: input.run.artifacts.map((a) => ({
    artifact: a.index === null ? a.name : `${a.name}[${a.index}]`,
    version: a.version,
    checksum: a.checksum,
    location: a.location,
  })),
})

const round = (n: number) => Math.round(n * 100) / 100

type Figures = Record<
  string,
  {
    tasks: number
    failed: number
    seconds: number
    expected_seconds: number
    retries: number
    cost: number
    gpu_seconds: number
  }
>

function figures(input: AgentInput): Figures {
  const sum: Figures = {}
  for (const t of input.run.tasks) {
    const agent = t.agent_id ?? 'not assigned'
    const f = (sum[agent] ??= {
      tasks: 0,
      failed: 0,
      seconds: 0,
      expected_seconds: 0,
      retries: 0,
      cost: 0,
      gpu_seconds: 0,
    })
    f.tasks++
    f.failed += t.status === 'failed' ? 1 : 0
    f.seconds = round(f.seconds + (t.seconds ?? 0))
    f.expected_seconds = round(f.expected_seconds + t.expected_seconds)
    f.retries += t.retries
    f.cost = round(f.cost + t.cost)
    f.gpu_seconds = round(f.gpu_seconds + t.gpu_seconds)
  }
  return sum
}

/** How long each agent worked, and who took longer than expected. */
export const performanceReport: Craft = (input) => {
  const byAgent = figures(input)
  const slow = Object.entries(byAgent).filter(
    ([, f]) => f.seconds > f.expected_seconds || f.failed > 0 || f.retries > 0,
  )
  return {
    figures: byAgent,
    bottlenecks: slow.map(([agent, f]) => ({
      agent,
      seconds: f.seconds,
      expected_seconds: f.expected_seconds,
      failed: f.failed,
      retries: f.retries,
    })),
    total: round(Object.values(byAgent).reduce((sum, f) => sum + f.seconds, 0)),
    suggestions: slow.map(([agent]) => `Register a second agent with capability ${agent}, or look at its errors.`),
  }
}

/** What the work cost, against the budget of the project. */
export const costReport: Craft = (input) => {
  const byAgent = figures(input)
  const total = round(Object.values(byAgent).reduce((sum, f) => sum + f.cost, 0))
  const { max_cost } = input.project.budget_constraints
  const dear = Object.entries(byAgent)
    .filter(([, f]) => f.cost > 0)
    .sort(([, a], [, b]) => b.cost - a.cost)
  return {
    figures: Object.fromEntries(
      Object.entries(byAgent).map(([agent, f]) => [
        agent,
        { tasks: f.tasks, cost: f.cost, gpu_seconds: f.gpu_seconds },
      ]),
    ),
    bottlenecks: dear.slice(0, 3).map(([agent, f]) => ({ agent, cost: f.cost })),
    total,
    budget: max_cost ?? null,
    suggestions:
      total === 0
        ? [`Nothing was charged: ${factsOf(input).title} was made with local means.`]
        : dear.slice(0, 3).map(([agent, f]) => `${agent} cost ${f.cost}; draft quality would need less.`),
  }
}

const EFFECTS = [
  'grain that fits the palette',
  'a slow light leak from the window side',
  'breath in cold air',
  'dust in the beam',
  'reflections on glass',
] as const

export const vfxPlan: Craft = (input) => ({
  items: itemsOf<{ segment_id: string; duration_seconds: number }>(input, 'video_segments', 'segments').map((s, i) => ({
    segment_id: s.segment_id,
    effect: EFFECTS[i % EFFECTS.length]!,
    parameters: { strength: 0.3, seconds: s.duration_seconds, colour: factsOf(input).motif.palette[i % 5]! },
  })),
})
