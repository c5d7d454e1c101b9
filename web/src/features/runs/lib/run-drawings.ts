import { plural, toMs } from '../../../lib/format.ts'
import { stateLook } from '../../../lib/states.ts'
import type { GraphEdge, GraphNode } from '../../../viewers/graph-layout.ts'
import type { TimelineBar, TimelineLane } from '../../../viewers/timeline-rows.ts'
import type { RunStep, RunView } from '../api/runs.ts'

type Step = Pick<
  RunStep,
  'stage_no' | 'stage' | 'step' | 'title' | 'kind' | 'status' | 'attempts' | 'agent_id' | 'started_at' | 'finished_at'
>
type Run = Pick<RunView, 'stage' | 'stage_no' | 'status' | 'waiting_since' | 'holds'>

export const stepKey = (step: Pick<RunStep, 'stage_no' | 'step'>) => `${step.stage_no}:${step.step}`
export const titleOf = ({ title, step }: Pick<RunStep, 'title' | 'step'>) => title ?? step
const bare = (stage: string) => stage.replace(/@\d+$/, '').replace(/[_-]/g, ' ')

/** The path a run took: a node per stage in the order they ran, with the agents' turns of a stage behind it, and the stage that waits now. */
export function runGraph(run: Run, steps: readonly Step[]): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const stages = new Map<number, Step[]>()
  for (const step of steps) stages.set(step.stage_no, [...(stages.get(step.stage_no) ?? []), step])
  const numbers = [...stages.keys()].sort((a, b) => a - b)
  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  let previous: string | undefined
  for (const no of numbers) {
    const own = stages.get(no)!
    const stage = own.find((step) => step.kind === 'stage') ?? own[0]!
    const inner = own.filter((step) => step.kind !== 'stage')
    const id = `stage:${no}`
    const status = stage.kind === 'stage' ? stage.status : (inner.at(-1)?.status ?? stage.status)
    nodes.push({
      id,
      title: stage.title ?? bare(stage.stage),
      status,
      tone: stateLook(status).tone,
      attempts: stage.attempts,
      sub: inner.length === 0 || stage.title ? '' : plural(inner.length, 'step'),
    })
    if (previous) edges.push({ from: previous, to: id, main: true })
    previous = id
    for (const turn of inner.filter((step) => step.kind === 'perform' && !(step === stage && step.title))) {
      const key = stepKey(turn)
      nodes.push({
        id: key,
        title: turn.title ?? bare(turn.step),
        status: turn.status,
        tone: stateLook(turn.status).tone,
        attempts: turn.attempts,
        ...(turn.agent_id ? { agent: turn.agent_id } : {}),
      })
      edges.push({ from: id, to: key })
    }
  }
  if (!numbers.includes(run.stage_no) && ['waiting', 'paused', 'queued'].includes(run.status)) {
    nodes.push({
      id: 'next',
      title: bare(run.stage),
      status: run.status,
      tone: stateLook(run.status).tone,
      sub: run.holds.join(', '),
    })
    if (previous) edges.push({ from: previous, to: 'next', main: true })
  }
  return { nodes, edges }
}

/** A lane per agent, one for the platform's own work, one for people while a decision is awaited. */
export function runTimeline(run: Run, steps: readonly Step[]): { lanes: TimelineLane[]; bars: TimelineBar[] } {
  const bars = steps
    .filter(
      (step) => step.kind !== 'stage' || !steps.some((other) => other !== step && other.stage_no === step.stage_no),
    )
    .flatMap((step): TimelineBar[] => {
      const start = toMs(step.started_at)
      if (start === undefined) return []
      return [
        {
          id: stepKey(step),
          lane: step.agent_id ?? 'platform',
          start,
          end: toMs(step.finished_at),
          title: step.title ?? bare(step.step),
          tone: stateLook(step.status).tone,
          attempt: step.attempts,
        },
      ]
    })
  const since = toMs(run.waiting_since)
  if (run.status === 'waiting' && since !== undefined)
    bars.push({
      id: 'waiting',
      lane: run.holds.includes('decision') ? 'people' : 'platform',
      start: since,
      title: `waiting: ${run.holds.join(', ')}`,
      tone: 'waiting',
      waiting: true,
    })
  const names: Record<string, string> = { platform: 'Platform', people: 'People' }
  const lanes = [...new Set(bars.map((bar) => bar.lane))].map((id) => ({ id, label: names[id] ?? id }))
  return { lanes, bars }
}
