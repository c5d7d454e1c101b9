import type { Kernel } from './kernel.ts'

/** Who acts. Roles and scopes are what a permission check reads; `agent` actors act for one attempt only. */
export type Actor = {
  readonly kind: 'user' | 'key' | 'agent' | 'system'
  readonly id: string
  readonly name?: string
  readonly email?: string
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  /** Projects a key may touch; `*` is all. */
  readonly projects?: readonly string[]
}

/** Travels through every verb: who acts, in which conversation, and which events caused what is done now. */
export type Ctx = {
  readonly kernel: Kernel
  readonly actor: Actor
  readonly correlationId: string
  readonly causes: readonly string[]
  readonly runId?: string
  readonly agentId?: string
}

export const SYSTEM: Actor = { kind: 'system', id: 'system', roles: ['Admin'], scopes: ['*'], projects: ['*'] }

/** The context of work that no request started: sweeps, timers, recovered stages. */
export function systemCtx(kernel: Kernel, extra: Partial<Omit<Ctx, 'kernel'>> = {}): Ctx {
  return { kernel, actor: SYSTEM, correlationId: kernel.newId('corr'), causes: [], ...extra }
}

/** The same context with other causes: what follows happens because of these events. */
export const because = (ctx: Ctx, ...causes: string[]): Ctx => ({ ...ctx, causes })
