import type { SettledPlan } from './agents/plan-types.ts'
import type { Config } from './config/load-config.ts'
import type { Ctx } from './context.ts'
import type { Db, Tx } from './db/database.ts'
import type { Notifier } from './db/notifier.ts'
import type { Decision } from './decisions/schema.ts'
import type { EventReader } from './events/reader.ts'

export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type Clock = { now(): number }

/** Transient things for the sockets: token deltas, progress, heartbeats. Not in the table, not repeated. */
export type Transient = { topic: string; data: Record<string, unknown> }

/**
 * What a domain does when the kernel ends one of its waits. Each runs inside the kernel's transaction; releasing the hold is
 * the kernel's part.
 */
export type DomainHooks = {
  /** Throws when the domain's own rules forbid this person to answer the question, keep an answer to it, or hand it on. */
  requireRight?(tx: Tx, ctx: Ctx, decision: Decision): Promise<void>
  /** The question was handed on: its `roles` and `users` are the new ones. */
  onDelegated?(tx: Tx, ctx: Ctx, decision: Decision): Promise<void>
  onAnswered?(tx: Tx, ctx: Ctx, decision: Decision): Promise<void>
  /** The deadline passed with `hold` or `deny`, or a decision was escalated. */
  onDecisionTimeout?(tx: Tx, ctx: Ctx, decision: Decision): Promise<void>
  onSettled?(tx: Tx, ctx: Ctx, plan: SettledPlan): Promise<void>
}

/** The parts every verb may use; built once by the server. */
export interface Kernel {
  readonly config: Config
  readonly log: Log
  readonly db: Db
  readonly notifier: Notifier
  readonly clock: Clock
  readonly events: EventReader
  readonly hooks: ReadonlyMap<string, DomainHooks>
  /** Executor id of this process. */
  readonly processId: string
  newId(prefix: string): string
  /** Replaces every known secret in a text. */
  mask(text: string): string
  publish(message: Transient): void
  onTransient(listener: (message: Transient) => void): () => void
  /** Parts registered by the server under a name: models, files, tools, metrics. `use` throws naming the missing part. */
  use<T>(part: Part<T>): T
}

/** A typed key for `kernel.use`. */
export type Part<T> = { readonly name: string; readonly _type?: T }
export const part = <T>(name: string): Part<T> => ({ name })
