import type { EngineState } from '../engine/engine-state.ts'
import { pendingDecision } from '../engine/engine-state.ts'
import { runPoints, runTasks } from '../engine/task-graph.ts'
import type { GraphNode, WorkflowGraph } from '../schema.ts'
import type { StateDef } from '../workflows/workflow-def.ts'
import { WORKFLOWS } from '../workflows/workflow-defs.ts'

const words = (text: string) => text.replaceAll('_', ' ')

/**
 * The whole workflow as a graph: tasks that exist with their data, tasks that will be made, decision points and gates, in
 * the order of the states.
 */
export function workflowGraph(s: EngineState): WorkflowGraph {
  const nodes: GraphNode[] = []
  const edges: { source: string; target: string; condition: string | null }[] = []
  let previous: string | null = null
  for (const def of WORKFLOWS[s.type].states) {
    const entry = addState(s, def, nodes, edges)
    if (previous) edges.push({ source: previous, target: entry.first, condition: null })
    previous = entry.last
  }
  return { nodes, edges, current_node: currentNode(s) }
}

type Edges = WorkflowGraph['edges']

function addState(s: EngineState, def: StateDef, nodes: GraphNode[], edges: Edges): { first: string; last: string } {
  const stateId = `state:${def.id}`
  const gateId = `gate:${def.id}`
  nodes.push(plain(stateId, 'state', words(def.id), def.id, stateStatus(s, def)))
  const idsOf = new Map<string, string[]>()
  for (const task of runTasks(s, def)) {
    const made = s.tasks.filter((t) => !t.superseded && t.state === def.id && t.task_type === task.id)
    const ids = made.length > 0 ? made.map((t) => t.task_id) : [`task:${def.id}/${task.id}`]
    idsOf.set(task.id, ids)
    for (const t of made)
      nodes.push({
        id: t.task_id,
        type: 'task',
        name: t.name,
        state: def.id,
        status: t.status,
        agent_id: t.agent_id,
        started_at: t.started_at,
        completed_at: t.completed_at,
        execution_time:
          t.started_at && t.completed_at ? (Date.parse(t.completed_at) - Date.parse(t.started_at)) / 1000 : null,
      })
    if (made.length === 0) nodes.push(plain(ids[0]!, 'task', words(task.id), def.id, 'planned'))
  }
  const points = runPoints(s, def)
  for (const point of points) {
    idsOf.set(point.point, [`decision:${def.id}/${point.point}`])
    nodes.push(
      plain(
        `decision:${def.id}/${point.point}`,
        'decision',
        words(point.point),
        def.id,
        pointStatus(s, def.id, point.point),
      ),
    )
  }
  nodes.push(plain(gateId, 'gate', def.gate.id, def.id, s.passes[def.id]?.gate === 'passed' ? 'passed' : 'open'))
  connect(s, def, idsOf, stateId, gateId, edges)
  const after = points.find((p) => p.after.includes('gate'))
  return { first: stateId, last: after ? `decision:${def.id}/${after.point}` : gateId }
}

function connect(
  s: EngineState,
  def: StateDef,
  idsOf: Map<string, string[]>,
  stateId: string,
  gateId: string,
  edges: Edges,
) {
  const inner = new Set<string>()
  const dependencies = new Map(s.tasks.map((t) => [t.task_id, t.dependencies]))
  for (const node of [
    ...def.tasks.map((t) => ({ id: t.id, after: t.after })),
    ...def.points.map((p) => ({ id: p.point as string, after: p.after })),
  ]) {
    for (const target of idsOf.get(node.id) ?? []) {
      const own = dependencies.get(target)
      const sources = own
        ? [...own, ...node.after.flatMap((id) => (idsOf.get(id) ?? []).filter((x) => x.startsWith('decision:')))]
        : node.after.flatMap((id) => (id === 'gate' ? [gateId] : (idsOf.get(id) ?? [])))
      for (const source of sources) {
        edges.push({ source, target, condition: source.startsWith('decision:') ? 'approved' : null })
        inner.add(source)
      }
      if (sources.length === 0) edges.push({ source: stateId, target, condition: null })
    }
  }
  const ends = [...idsOf.values()].flat().filter((id) => !inner.has(id) && !isAfterGate(def, id))
  for (const source of ends) edges.push({ source, target: gateId, condition: null })
  if (ends.length === 0) edges.push({ source: stateId, target: gateId, condition: null })
}

const isAfterGate = (def: StateDef, id: string) =>
  def.points.some((p) => p.after.includes('gate') && id === `decision:${def.id}/${p.point}`)

const plain = (id: string, type: GraphNode['type'], name: string, state: string, status: string): GraphNode => ({
  id,
  type,
  name,
  state,
  status,
  agent_id: null,
  started_at: null,
  completed_at: null,
  execution_time: null,
})

const stateStatus = (s: EngineState, def: StateDef) =>
  s.completed_states.includes(def.id) ? 'completed' : s.current_state === def.id ? 'current' : 'planned'

function pointStatus(s: EngineState, state: string, point: string): string {
  const pending = pendingDecision(s)
  if (pending?.point === point && pending.state === state) return 'pending'
  const resolved = s.passes[state]?.points as Record<string, string> | undefined
  return resolved?.[point] ?? 'open'
}

function currentNode(s: EngineState): string | null {
  const pending = pendingDecision(s)
  if (pending) return `decision:${pending.state}/${pending.point}`
  const running =
    s.tasks.find((t) => t.status === 'running') ?? s.tasks.find((t) => t.status === 'pending' && !t.superseded)
  return running?.task_id ?? `state:${s.current_state}`
}
