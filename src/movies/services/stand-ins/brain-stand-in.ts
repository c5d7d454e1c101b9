import { type WebSocket, WebSocketServer } from 'ws'
import { type Answer, HttpStandIn } from './http-stand-in.ts'

/** The two sets of tool names a Brain may offer (contract 2.6.2). */
export const BRAIN_TOOL_SETS = {
  preferred: [
    'store_embedding',
    'search_embeddings',
    'store_knowledge',
    'get_knowledge',
    'create_relationship',
    'query_graph',
    'get_node_neighbors',
    'store_agent_memory',
    'bulk_store_documents',
    'health_check',
  ],
  alternative: ['store_document', 'batch_similarity_search', 'store_workflow_data', 'search_similar_workflows'],
} as const

export type BrainCall = { name: string; arguments: Record<string, any> }
type Document = { content: string; metadata: Record<string, unknown>; project: string }

/** The Brain as contract 2.6.2 has it, in memory, over WebSocket: finds what shares words with the question. */
export class BrainStandIn extends HttpStandIn {
  readonly calls: BrainCall[] = []
  readonly documents: Document[] = []
  readonly relations: Record<string, any>[] = []
  readonly tools: readonly string[]
  /** Errors the next calls are answered with: `{code, message, data}`. */
  readonly errors: { code: number; message: string; data?: unknown }[] = []
  /** Answers search with a text instead of results. */
  textOnly = false
  connections = 0
  onCall: (call: BrainCall) => void = () => undefined
  readonly #sockets = new Set<WebSocket>()

  constructor(tools: keyof typeof BRAIN_TOOL_SETS = 'preferred') {
    super((): Answer => ({ body: { status: 'healthy' } }))
    this.tools = BRAIN_TOOL_SETS[tools]
  }

  override async start(port = this.port): Promise<this> {
    await super.start(port)
    const wss = new WebSocketServer({ server: this.server, path: '/mcp' })
    wss.on('connection', (socket) => {
      this.connections++
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.terminate())
      socket.on('message', (data) => void this.#message(socket, String(data)))
    })
    return this
  }

  override async vanish(): Promise<void> {
    this.disconnect()
    await super.vanish()
  }

  /** Cuts every connection; new ones are accepted. */
  disconnect() {
    for (const socket of this.#sockets) socket.terminate()
  }

  async #message(socket: WebSocket, text: string) {
    const { id, method, params } = JSON.parse(text)
    if (id === undefined) return
    if (this.faults.slow_ms > 0) await new Promise((resolve) => setTimeout(resolve, this.faults.slow_ms))
    if (this.faults.hang) return
    if (this.faults.garbage) return socket.send('that is no JSON')
    const error = method === 'tools/call' ? this.errors.shift() : undefined
    const answer = error ? { error } : this.#answer(method, params)
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  }

  #answer(method: string, params: any): { result: unknown } | { error: { code: number; message: string } } {
    if (method === 'tools/list') return { result: { tools: this.tools.map((name) => ({ name })) } }
    if (method !== 'tools/call') return { error: { code: -32601, message: `no method ${method}` } }
    const call: BrainCall = { name: String(params?.name), arguments: params?.arguments ?? {} }
    if (!this.tools.includes(call.name)) return { error: { code: -32602, message: `no tool ${call.name}` } }
    this.calls.push(call)
    this.onCall(call)
    return { result: this.#use(call) }
  }

  #use({ name, arguments: a }: BrainCall): unknown {
    const project = String(a['project_id'] ?? a['metadata']?.project_id ?? a['content']?.project_id ?? '')
    if (/^search|^get_knowledge|similarity/.test(name)) {
      const queries: string[] = a['queries'] ?? [a['query'] ?? '']
      const results = queries.flatMap((query) => this.#find(query, project, a['limit'] ?? a['limit_per_query'] ?? 5))
      if (this.textOnly) return { content: [{ type: 'text', text: 'There is something about that.' }] }
      return { content: [{ type: 'text', text: JSON.stringify({ results }) }] }
    }
    if (name === 'create_relationship') this.relations.push(a)
    else if (/^store|^bulk/.test(name)) {
      const said = a['content'] ?? a['output_data'] ?? ''
      this.documents.push({
        content: typeof said === 'string' ? said : JSON.stringify(said),
        metadata: a['metadata'] ?? {},
        project,
      })
    }
    return { id: `${name}-${this.calls.length}` }
  }

  #find(query: string, project: string, limit: number) {
    const words = new Set(query.toLowerCase().match(/\p{L}{4,}/gu) ?? [])
    return this.documents
      .filter((doc) => doc.project === project)
      .map((doc) => ({
        content: doc.content,
        metadata: doc.metadata,
        score: (doc.content.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter((word) => words.has(word)).length,
      }))
      .filter((one) => one.score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
  }
}
