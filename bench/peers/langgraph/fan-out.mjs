// The same work on LangGraph.js with its PostgreSQL checkpointer: one graph fans out to no-op nodes and gathers their results.
// Prints assignments per second of each round as JSON. Arguments: database URL, assignments, width of one fan-out, rounds.
import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'

const [url, count, width, rounds] = [process.argv[2], ...process.argv.slice(3).map(Number)]
const checkpointer = PostgresSaver.fromConnString(url)
await checkpointer.setup()
const State = Annotation.Root({
  items: Annotation(),
  results: Annotation({ reducer: (left, right) => left.concat(right), default: () => [] }),
})
const graph = new StateGraph(State)
  .addNode('plan', () => ({}))
  .addNode('work', () => ({ results: [{ ok: true }] }))
  .addNode('gather', () => ({}))
  .addEdge(START, 'plan')
  .addConditionalEdges('plan', (state) => state.items.map((item) => new Send('work', { item })), ['work'])
  .addEdge('work', 'gather')
  .addEdge('gather', END)
  .compile({ checkpointer })

const rates = []
for (let round = 0; round < rounds; round++) {
  const started = performance.now()
  let done = 0
  for (let part = 0; part < Math.ceil(count / width); part++) {
    const items = Array.from({ length: Math.min(width, count - done) }, (_, i) => i)
    const { results } = await graph.invoke(
      { items },
      {
        configurable: { thread_id: `bench-${width}-${round}-${part}` },
        recursionLimit: 10,
        durability: 'sync',
        maxConcurrency: 1_000,
      },
    )
    if (results.length !== items.length) throw new Error(`${results.length} results of ${items.length}`)
    done += items.length
  }
  rates.push(count / ((performance.now() - started) / 1000))
}
console.log(JSON.stringify({ width, rates: rates.map(Math.round) }))
process.exit(0)
