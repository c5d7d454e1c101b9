import { NONE, type RunIndex } from './run-index.ts'

export const NODE_LIMIT = 10_000

export type Chain = {
  upstream: number[]
  downstream: number[]
  edges: [cause: number, effect: number][]
  /** Events returned whose causes may be missing. */
  truncated: boolean
}

export function* causesOf(index: RunIndex, position: number): Generator<number> {
  const [from, to] = index.linksOf(position)
  for (let link = from; link < to; link++) {
    const cause = index.linkCause.get(link)
    if (cause !== NONE) yield cause
  }
}

export function* effectsOf(index: RunIndex, position: number): Generator<number> {
  for (let link = index.firstEffect.get(position); link !== NONE; link = index.linkNext.get(link))
    yield index.effectOf(link)
}

export type Reached = {
  found: number[]
  /** Where in `found` each hop begins: hop 1 at 0. */
  hops: number[]
  truncated: boolean
}

/** Breadth first with a visited set, no recursion: cycles end, deep chains cost no stack. Nearest first, then by time. */
export function reach(
  index: RunIndex,
  start: number,
  depth: number,
  next: (index: RunIndex, position: number) => Iterable<number>,
  limit = NODE_LIMIT,
): Reached {
  const visited = new Set([start])
  const found: number[] = []
  const hops: number[] = []
  let level = [start]
  let truncated = false
  for (let hop = 1; level.length > 0; hop++) {
    const reached: number[] = []
    for (const position of level)
      for (const other of next(index, position)) {
        if (visited.has(other)) continue
        if (hop > depth || found.length + reached.length >= limit) {
          truncated = true
          continue
        }
        visited.add(other)
        reached.push(other)
      }
    reached.sort((a, b) => index.compare(a, b))
    hops.push(found.length)
    found.push(...reached)
    level = hop > depth ? [] : reached
  }
  return { found, hops, truncated }
}

/** Everything that led to an event and everything it led to, at most `depth` links away in each direction. */
export function chainOf(index: RunIndex, start: number, depth: number): Chain {
  const up = reach(index, start, depth, causesOf)
  const down = reach(index, start, depth, effectsOf)
  const returned = new Set([start, ...up.found, ...down.found])
  const edges: [number, number][] = []
  for (const effect of returned)
    for (const cause of causesOf(index, effect)) if (returned.has(cause)) edges.push([cause, effect])
  edges.sort((a, b) => index.compare(a[0], b[0]) || index.compare(a[1], b[1]))
  return { upstream: up.found, downstream: down.found, edges, truncated: up.truncated || down.truncated }
}

/** Sets of events that reach each other (Tarjan, without recursion). Empty, at once, when every cause came first. */
export function findCycles(index: RunIndex): number[][] {
  if (index.causesFirst) return []
  const count = index.length
  const order = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const onStack = new Uint8Array(count)
  const stack: number[] = []
  const knots: number[][] = []
  let counter = 0
  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue
    const work: { node: number; link: number; end: number }[] = []
    const enter = (node: number) => {
      order[node] = low[node] = counter++
      stack.push(node)
      onStack[node] = 1
      const [link, end] = index.linksOf(node)
      work.push({ node, link, end })
    }
    enter(root)
    while (work.length > 0) {
      const frame = work.at(-1)!
      if (frame.link < frame.end) {
        const cause = index.linkCause.get(frame.link++)
        if (cause === NONE) continue
        if (order[cause] === -1) enter(cause)
        else if (onStack[cause]) low[frame.node] = Math.min(low[frame.node]!, order[cause]!)
        continue
      }
      work.pop()
      const parent = work.at(-1)
      if (parent) low[parent.node] = Math.min(low[parent.node]!, low[frame.node]!)
      if (low[frame.node] === order[frame.node]) knots.push(takeKnot(stack, onStack, frame.node))
    }
  }
  return knots.filter((knot) => knot.length > 1 || citesItself(index, knot[0]!))
}

function takeKnot(stack: number[], onStack: Uint8Array, root: number): number[] {
  const knot: number[] = []
  for (;;) {
    const node = stack.pop()!
    onStack[node] = 0
    knot.push(node)
    if (node === root) return knot.sort((a, b) => a - b)
  }
}

const citesItself = (index: RunIndex, position: number): boolean => [...causesOf(index, position)].includes(position)
