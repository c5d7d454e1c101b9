import { useMemo } from 'react'
import type * as M from '../../../../../src/movies/schema.ts'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { formatDuration } from '../../../lib/format.ts'
import { stateLook } from '../../../lib/states.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { LazyGraph } from '../../../viewers/graph-lazy.tsx'
import { useMovieRead } from '../api/movies.ts'
import { words } from '../lib/states.ts'

/** The whole workflow: tasks, gates and decisions, what is done and what comes. */
export default function GraphTab({ workflowId }: { workflowId: string }) {
  const { data, error, refetch } = useMovieRead<M.WorkflowGraph>(workflowId, 'graph')
  const [url, setUrl] = useUrlState()
  const nodes = useMemo(
    () =>
      (data?.nodes ?? []).map((node) => ({
        id: node.id,
        title: words(node.name),
        sub: `${words(node.state)}${node.execution_time ? `, ${formatDuration(node.execution_time * 1000)}` : ''}`,
        status: node.status,
        tone: stateLook(node.status).tone,
        ...(node.agent_id ? { agent: words(node.agent_id) } : {}),
        faint: node.status === 'pending' || node.status === 'skipped',
      })),
    [data],
  )
  if (error) return <ErrorPanel error={error} title="The graph could not be read" onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} height={40} />
  return (
    <div className="h-[560px] rounded-md border border-line">
      <LazyGraph
        label="Workflow of the production"
        nodes={nodes}
        edges={data.edges.map((edge) => ({ from: edge.source, to: edge.target }))}
        selected={url.node ?? data.current_node ?? undefined}
        onSelect={(node) => setUrl({ node }, true)}
      />
    </div>
  )
}
