import {
  Background,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useMemo } from 'react'
import { toneColor } from '../components/chip.tsx'
import { StateShape } from '../components/state-shape.tsx'
import { cx } from '../lib/cx.ts'
import { stateLook } from '../lib/states.ts'
import { usePhone } from '../lib/use-media.ts'
import { type GraphEdge, type GraphNode, graphLayout, type PlacedNode } from './graph-layout.ts'
import './graph.css'

type GraphProps = {
  label: string
  nodes: GraphNode[]
  edges: GraphEdge[]
  selected?: string | undefined
  onSelect?: (id: string) => void
}
type FlowNode = Node<PlacedNode & { chosen: boolean; down: boolean }, 'step'>

const nodeTypes = { step: StepNode }
const READABLE = 0.4
const START_ZOOM = 0.65

/** Work and what it depends on. The path taken is solid, what was skipped is faint; pressing a node opens it. */
export default function Graph({ label, nodes, edges, selected, onSelect }: GraphProps) {
  const phone = usePhone()
  const down = phone
  const placed = useMemo(() => graphLayout(nodes, edges, down ? 'TB' : 'LR'), [nodes, edges, down])
  // What cannot be read as a whole is read from its beginning.
  const fits = placed.width * READABLE < (phone ? 360 : 1000) && placed.height * READABLE < 440
  const flowNodes = useMemo<FlowNode[]>(
    () =>
      placed.nodes.map((node) => ({
        id: node.id,
        type: 'step',
        position: { x: node.x, y: node.y },
        width: node.width,
        height: node.height,
        data: { ...node, chosen: node.id === selected, down },
        draggable: false,
        ariaLabel: `${node.title}: ${stateLook(node.status).word}${node.agent ? `, ${node.agent}` : ''}`,
      })),
    [placed, selected, down],
  )
  const flowEdges = useMemo<Edge[]>(() => {
    const byId = new Map(placed.nodes.map((node) => [node.id, node]))
    return placed.edges.map((edge) => {
      const running = byId.get(edge.to)?.tone === 'running'
      const faint = edge.faint || byId.get(edge.to)?.faint
      return {
        id: `${edge.from}>${edge.to}`,
        source: edge.from,
        target: edge.to,
        animated: running,
        focusable: false,
        style: {
          stroke: running ? toneColor('running') : 'var(--line-strong)',
          strokeWidth: 1.6,
          opacity: faint ? 0.35 : 1,
        },
      }
    })
  }, [placed])
  return (
    <ReactFlowProvider>
      <section aria-label={label} className="h-full min-h-[320px] w-full">
        <ReactFlow
          key={`${placed.nodes.length}:${down}`}
          nodes={flowNodes}
          edges={flowEdges}
          nodeTypes={nodeTypes}
          onNodeClick={(_, node) => onSelect?.(node.id)}
          onSelectionChange={({ nodes: chosen }) => chosen[0] && chosen[0].id !== selected && onSelect?.(chosen[0].id)}
          fitView={fits}
          fitViewOptions={{ padding: 0.08, maxZoom: 1.1, minZoom: READABLE }}
          defaultViewport={beginning(placed.nodes, down)}
          minZoom={0.15}
          maxZoom={1.8}
          nodesConnectable={false}
          edgesFocusable={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background gap={20} color="var(--line)" />
          <Controls showInteractive={false} />
        </ReactFlow>
      </section>
    </ReactFlowProvider>
  )
}

/** The first node, where reading begins: at the upper edge, or at the left one. */
function beginning(nodes: readonly PlacedNode[], down: boolean): { x: number; y: number; zoom: number } {
  const zoom = START_ZOOM
  const first = [...nodes].sort((a, b) => (down ? a.y - b.y || a.x - b.x : a.y + a.x - b.y - b.x))[0]
  if (!first) return { x: 0, y: 0, zoom }
  return down
    ? { x: 175 - (first.x + first.width / 2) * zoom, y: 12 - first.y * zoom, zoom }
    : { x: 12 - first.x * zoom, y: 40 - first.y * zoom, zoom }
}

function StepNode({ data }: NodeProps<FlowNode>) {
  const look = stateLook(data.status)
  return (
    <div
      className={cx(
        'flex h-full w-full flex-col justify-center gap-1 overflow-hidden rounded-md border bg-surface px-3 text-left shadow-pop',
        data.faint && 'opacity-45',
        data.chosen ? 'border-accent ring-2 ring-accent' : 'border-line-strong',
        data.tone === 'draft' && 'hatched',
      )}
      style={{ borderLeft: `4px solid ${toneColor(data.tone)}` }}
      title={data.title}
    >
      <Handle type="target" position={data.down ? Position.Top : Position.Left} isConnectable={false} />
      <p className="truncate text-sm leading-5 font-semibold text-ink">{data.title}</p>
      <p className="flex items-center gap-1.5 truncate text-xs" style={{ color: `var(--${data.tone}-ink)` }}>
        <StateShape tone={data.tone} size={10} />
        {look.word}
        {data.attempts && data.attempts > 1 ? <span className="text-ink-2">· attempt {data.attempts}</span> : null}
      </p>
      <p className="truncate text-xs text-ink-3">{[data.agent, data.sub].filter(Boolean).join(' · ') || ' '}</p>
      <Handle type="source" position={data.down ? Position.Bottom : Position.Right} isConnectable={false} />
    </div>
  )
}
