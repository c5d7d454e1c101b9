import type { Flow } from './flow.ts'

const flows = new Map<string, Flow>()

/** Called once per module before the engine starts. */
export function registerFlow(flow: Flow): void {
  flows.set(flow.kind, flow)
}
export const flowOf = (kind: string): Flow | undefined => flows.get(kind)
export const allFlows = (): Flow[] => [...flows.values()]
