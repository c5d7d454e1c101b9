/** Which tool of the Brain does what (contract 2.6.2): of each operation the first one it offers is used. */

export type BrainOperation =
  | 'remember_text'
  | 'find_similar'
  | 'store_knowledge'
  | 'get_knowledge'
  | 'relate'
  | 'agent_memory'

/** What an operation is given; each tool takes what it knows of it. */
export type BrainInput = {
  project_id: string
  workflow_id?: string | null
  /** remember_text, agent_memory */
  content?: string
  metadata?: Record<string, unknown>
  /** find_similar, get_knowledge */
  query?: string
  limit?: number
  /** store_knowledge, get_knowledge */
  knowledge_type?: string
  knowledge?: Record<string, unknown>
  /** relate */
  from_id?: string
  to_id?: string
  relationship_type?: string
  properties?: Record<string, unknown>
  /** agent_memory */
  agent_id?: string
  memory_type?: string
}

type Tool = { name: string; arguments(input: BrainInput): Record<string, unknown> }

const withProject = (input: BrainInput) => ({ ...input.metadata, project_id: input.project_id })

/** Knowledge told in the shape of a workflow step, for a Brain without a general store. */
const asWorkflowData = (input: BrainInput) => ({
  workflow_id: input.workflow_id ?? input.project_id,
  agent_id: input.agent_id ?? String(input.knowledge?.['agent_id'] ?? 'orchestrator'),
  step_name: String(input.knowledge?.['task_type'] ?? input.knowledge_type ?? input.memory_type ?? 'knowledge'),
  input_data: { knowledge_type: input.knowledge_type ?? input.memory_type ?? 'knowledge' },
  output_data: input.knowledge ?? { content: input.content, ...input.metadata },
  execution_time_ms: Number(input.knowledge?.['execution_time_ms'] ?? 0),
  project_id: input.project_id,
})
const asKnowledge = (input: BrainInput) => ({
  knowledge_type: input.knowledge_type ?? input.memory_type ?? 'knowledge',
  content: { ...(input.knowledge ?? { content: input.content, ...input.metadata }), project_id: input.project_id },
})

const STORE_KNOWLEDGE: Tool = { name: 'store_knowledge', arguments: asKnowledge }
const STORE_WORKFLOW_DATA: Tool = { name: 'store_workflow_data', arguments: asWorkflowData }

export const BRAIN_TOOLS: Readonly<Record<BrainOperation, readonly Tool[]>> = {
  remember_text: [
    { name: 'store_embedding', arguments: (i) => ({ content: i.content, metadata: withProject(i) }) },
    {
      name: 'store_document',
      arguments: (i) => ({ content: i.content, metadata: i.metadata ?? {}, project_id: i.project_id }),
    },
  ],
  find_similar: [
    {
      name: 'search_embeddings',
      arguments: (i) => ({ query: i.query, limit: i.limit ?? 5, project_id: i.project_id }),
    },
    {
      name: 'batch_similarity_search',
      arguments: (i) => ({ queries: [i.query], project_id: i.project_id, limit_per_query: i.limit ?? 5 }),
    },
  ],
  store_knowledge: [STORE_KNOWLEDGE, STORE_WORKFLOW_DATA],
  get_knowledge: [
    {
      name: 'get_knowledge',
      arguments: (i) => ({ knowledge_type: i.knowledge_type, query: i.query, project_id: i.project_id }),
    },
    {
      name: 'search_similar_workflows',
      arguments: (i) => ({ query: i.query, project_id: i.project_id, limit: i.limit ?? 5 }),
    },
  ],
  relate: [
    {
      name: 'create_relationship',
      arguments: (i) => ({
        from_id: i.from_id,
        to_id: i.to_id,
        relationship_type: i.relationship_type,
        properties: { ...i.properties, project_id: i.project_id },
      }),
    },
  ],
  agent_memory: [
    {
      name: 'store_agent_memory',
      arguments: (i) => ({
        agent_id: i.agent_id,
        memory_type: i.memory_type,
        content: i.content,
        metadata: i.metadata ?? {},
        project_id: i.project_id,
      }),
    },
    STORE_KNOWLEDGE,
    STORE_WORKFLOW_DATA,
  ],
}

/** The tool for an operation among those offered; undefined when the Brain has none for it. */
export const toolFor = (operation: BrainOperation, offered: ReadonlySet<string>): Tool | undefined =>
  BRAIN_TOOLS[operation].find((tool) => offered.has(tool.name))
