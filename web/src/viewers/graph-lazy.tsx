import { lazy, Suspense } from 'react'
import { Skeleton } from '../components/skeleton.tsx'
import type { GraphEdge, GraphNode } from './graph-layout.ts'

const Graph = lazy(() => import('./graph.tsx'))

type Props = {
  label: string
  nodes: GraphNode[]
  edges: GraphEdge[]
  selected?: string | undefined
  onSelect?: (id: string) => void
}

/** The graph viewer, loaded when first shown. */
export function LazyGraph(props: Props) {
  return (
    <Suspense fallback={<Skeleton rows={5} height={40} />}>
      <Graph {...props} />
    </Suspense>
  )
}
