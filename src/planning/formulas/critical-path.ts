import { AppError } from '../../kernel/errors/app-error.ts'
import { daysBetween, round } from './round.ts'

/** A task (start to end) or a milestone (start = end) with the ids it waits for. Unknown ids in `dependencies` are ignored. */
export type PathNode = {
  id: string
  kind: 'task' | 'milestone'
  start: string
  end: string
  dependencies: readonly string[]
}
export type CriticalPath = {
  path: string[]
  /** Days from the first start to the last finish of the network. */
  length: number
  /** Days each node may slip without moving the last one. */
  slack: Record<string, number>
}

const TIGHT = 0.01

/** One cycle of the dependencies as ids in order, or null. */
export function findCycle(nodes: readonly Pick<PathNode, 'id' | 'dependencies'>[]): string[] | null {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const visit = (id: string): string[] | null => {
    if (state.get(id) === 'done') return null
    if (state.get(id) === 'open') return trail.slice(trail.indexOf(id)).reverse()
    state.set(id, 'open')
    trail.push(id)
    for (const before of byId.get(id)?.dependencies ?? [])
      if (byId.has(before)) {
        const cycle = visit(before)
        if (cycle) return cycle
      }
    trail.pop()
    state.set(id, 'done')
    return null
  }
  for (const node of nodes) {
    const cycle = visit(node.id)
    if (cycle) return cycle
  }
  return null
}

type Network = {
  order: PathNode[]
  before: Map<string, { id: string; lag: number }[]>
  after: Map<string, { id: string; lag: number }[]>
}

/** Nodes in an order in which each comes after what it waits for. Throws CIRCULAR_DEPENDENCY with the cycle. */
export function networkOf(nodes: readonly PathNode[]): Network {
  const cycle = findCycle(nodes)
  if (cycle)
    throw new AppError('CIRCULAR_DEPENDENCY', `Dependencies form a cycle: ${[...cycle, cycle[0]].join(' → ')}`, {
      cycle,
    })
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const before: Network['before'] = new Map(nodes.map(({ id }) => [id, []]))
  const after: Network['after'] = new Map(nodes.map(({ id }) => [id, []]))
  for (const node of nodes)
    for (const id of new Set(node.dependencies)) {
      const from = byId.get(id)
      if (!from) continue
      const both = from.kind === 'milestone' && node.kind === 'milestone'
      const lag = both ? Math.max(0, daysBetween(from.start, node.start)) : 0
      before.get(node.id)!.push({ id, lag })
      after.get(id)!.push({ id: node.id, lag })
    }
  const order: PathNode[] = []
  const placed = new Set<string>()
  const place = (node: PathNode) => {
    if (placed.has(node.id)) return
    placed.add(node.id)
    for (const { id } of before.get(node.id)!) place(byId.get(id)!)
    order.push(node)
  }
  for (const node of nodes) place(node)
  return { order, before, after }
}

const durationOf = (node: PathNode) => (node.kind === 'milestone' ? 0 : Math.max(0, daysBetween(node.start, node.end)))

/**
 * The critical path method (Kelley and Walker 1959): forward pass for the earliest, backward pass for the latest times, slack as
 * their difference. Contract 6.3. Without any edge the path is empty. Throws CIRCULAR_DEPENDENCY.
 */
export function criticalPath(all: readonly PathNode[]): CriticalPath {
  const network = networkOf(all)
  const { before, after } = network
  const hasEdge = (id: string) => before.get(id)!.length + after.get(id)!.length > 0
  const anyEdge = all.some(({ id }) => hasEdge(id))
  const order = network.order.filter((node) => !anyEdge || node.kind === 'task' || hasEdge(node.id))

  const start = new Map<string, number>()
  const finish = new Map<string, number>()
  for (const node of order) {
    const earliest = Math.max(0, ...before.get(node.id)!.map(({ id, lag }) => finish.get(id)! + lag))
    start.set(node.id, earliest)
    finish.set(node.id, earliest + durationOf(node))
  }
  const length = Math.max(0, ...finish.values())
  const slack: Record<string, number> = {}
  const latestStart = new Map<string, number>()
  for (const node of [...order].reverse()) {
    const latest = Math.min(length, ...after.get(node.id)!.map(({ id, lag }) => latestStart.get(id)! - lag))
    latestStart.set(node.id, latest - durationOf(node))
    slack[node.id] = round(Math.max(0, latestStart.get(node.id)! - start.get(node.id)!), 4)
  }
  for (const node of all) slack[node.id] ??= length
  return {
    path: anyEdge ? longestTightChain(order, before, start, finish, slack, length) : [],
    length: round(length),
    slack,
  }
}

type Chain = { count: number; ids: string[]; first: PathNode }

function longestTightChain(
  order: readonly PathNode[],
  before: Network['before'],
  start: ReadonlyMap<string, number>,
  finish: ReadonlyMap<string, number>,
  slack: Readonly<Record<string, number>>,
  length: number,
): string[] {
  const chains = new Map<string, Chain>()
  let best: Chain | undefined
  for (const node of order) {
    if (slack[node.id]! >= TIGHT) continue
    let chain: Chain | undefined = start.get(node.id)! < TIGHT ? { count: 0, ids: [], first: node } : undefined
    for (const { id, lag } of before.get(node.id)!) {
      const found = chains.get(id)
      if (found && Math.abs(finish.get(id)! + lag - start.get(node.id)!) < TIGHT && isBetter(found, chain))
        chain = found
    }
    if (!chain) continue
    const own = { count: chain.count + 1, ids: [...chain.ids, node.id], first: chain.first }
    chains.set(node.id, own)
    if (length - finish.get(node.id)! < TIGHT && isBetter(own, best)) best = own
  }
  return best?.ids ?? []
}

const isBetter = (one: Chain, other: Chain | undefined): boolean =>
  !other ||
  one.count > other.count ||
  (one.count === other.count &&
    (one.first.start < other.first.start ||
      (one.first.start === other.first.start && one.ids.join('\n') < other.ids.join('\n'))))
