import type { z } from 'zod'
import type { AgentDefinition } from '../agents/definition.ts'
import type { Performed, PerformOptions } from '../agents/perform.ts'
import type { NewPlan } from '../agents/plan-types.ts'
import type { Ctx } from '../context.ts'
import type { Reader, Tx } from '../db/database.ts'
import type { NewDecision } from '../decisions/schema.ts'
import type { RunLimits, RunStep } from './schema.ts'

export type RunState = Record<string, any>

/** How a stage ends: what happens next. `state` is merged into the run's state in the same transaction. */
export type Outcome =
  | { kind: 'next'; stage: string; state?: RunState }
  | { kind: 'ask'; questions: readonly NewDecision[]; stage: string; state?: RunState }
  | { kind: 'delegate'; plans: readonly NewPlan[]; stage: string; state?: RunState }
  | { kind: 'sleep'; until: Date; stage: string; state?: RunState }
  /**
   * Waits until somebody releases this hold (`service:brain`): `release(tx, runId, hold)`. `unless` looks, in the transaction that
   * sets it, whether what is waited for has already come.
   */
  | { kind: 'hold'; hold: string; stage: string; state?: RunState; unless?: (tx: Tx) => Promise<boolean> }
  | { kind: 'done'; result?: unknown; state?: RunState }
  | { kind: 'failed'; error: RunError; state?: RunState }

export type RunError = { code: string; message: string; details?: Record<string, unknown> }

export const next = (stage: string, state?: RunState): Outcome => ({ kind: 'next', stage, ...(state ? { state } : {}) })
export const ask = (questions: NewDecision | readonly NewDecision[], stage: string, state?: RunState): Outcome => ({
  kind: 'ask',
  questions: Array.isArray(questions) ? questions : [questions as NewDecision],
  stage,
  ...(state ? { state } : {}),
})
export const delegateTo = (plans: NewPlan | readonly NewPlan[], stage: string, state?: RunState): Outcome => ({
  kind: 'delegate',
  plans: Array.isArray(plans) ? plans : [plans as NewPlan],
  stage,
  ...(state ? { state } : {}),
})
export const sleepUntil = (until: Date, stage: string, state?: RunState): Outcome => ({
  kind: 'sleep',
  until,
  stage,
  ...(state ? { state } : {}),
})
export const holdFor = (
  hold: string,
  stage: string,
  state?: RunState,
  unless?: (tx: Tx) => Promise<boolean>,
): Outcome => ({
  kind: 'hold',
  hold,
  stage,
  ...(state ? { state } : {}),
  ...(unless ? { unless } : {}),
})
export const done = (result?: unknown, state?: RunState): Outcome => ({
  kind: 'done',
  ...(result === undefined ? {} : { result }),
  ...(state ? { state } : {}),
})
export const failed = (error: RunError, state?: RunState): Outcome => ({
  kind: 'failed',
  error,
  ...(state ? { state } : {}),
})

/**
 * What a stage works with. A step in flight at a crash runs again, a finished one never does; so names are unique within a
 * stage and start in the same order each time.
 */
export interface Run<S extends RunState = RunState> {
  readonly id: string
  readonly key: string | null
  readonly stage: string
  readonly stageNo: number
  /** As it was when the stage started, and as `checkpoint` changed it. */
  readonly state: Readonly<S>
  readonly ctx: Ctx
  /** Aborts when the run is cancelled or this process gave the run up. */
  readonly signal: AbortSignal
  /** An effect outside our database. `fn` gets the key that every repetition of this step carries (R1). The result is stored. */
  step<T>(name: string, fn: (key: string, signal: AbortSignal) => Promise<T>, options?: StepOptions): Promise<T>
  /** A change of our own tables: one transaction that also records it, applied exactly once (R1). */
  write<T>(name: string, fn: (tx: Tx, ctx: Ctx) => Promise<T>): Promise<T>
  /**
   * An agent's turn as a step: by the model, or by the agent's craft. Recorded with what it used, so a replay neither asks nor pays
   * again.
   */
  perform<I extends z.ZodType, O extends z.ZodType>(
    name: string,
    agent: AgentDefinition<I, O>,
    input: z.input<I>,
    options: Omit<PerformOptions, 'signal'>,
  ): Promise<Performed<z.output<O>>>
  /** Merges into the state durably, in the middle of a stage. */
  checkpoint(name: string, patch: Partial<S>, progress?: number): Promise<void>
}

export type StepOptions = { retries?: number; agentId?: string; input?: unknown }

export type Stage<S extends RunState = RunState> = (run: Run<S>) => Promise<Outcome>

/** A run as its domain is asked about it. */
export type RunRef<S extends RunState = RunState> = { id: string; key: string | null; title: string; state: S }

/** A place between two pieces of work where a fork may begin, and what the work after it begins with and may be edited. */
export type Border = { no: number; label: string; at: string | null; input?: Record<string, unknown> }

/** What a fork changes, and what its run carries: where it comes from, and its limits. */
export type ForkEdit = {
  state: Record<string, unknown>
  lineage: { forkedFrom: string; forkedAt?: number; limits: RunLimits }
}

export type DomainWork<S extends RunState = RunState> = {
  /** Pieces of work that are no steps of the engine; `stage_no` is the border they lie behind. */
  steps?(db: Reader, run: RunRef<S>): Promise<RunStep[]>
  /** In order; only places whose work before them is known. A border asked for by its number comes with its input. */
  borders(ctx: Ctx, run: RunRef<S>, no?: number): Promise<Border[]>
  /** Starts new work that takes over everything before the border; answers its run. The old one stays as it is. */
  fork(ctx: Ctx, run: RunRef<S>, border: Border, edit: ForkEdit): Promise<string>
}

/**
 * A flow is a table of stages, read from top to bottom in one file. Stage names carry a number (`review@2`): changing order or
 * names of steps makes a new number and keeps the old function until none of it is in flight (R5, `troupe doctor`).
 */
export type Flow<S extends RunState = any> = {
  kind: string
  domain: string
  first: string
  stages: Readonly<Record<string, Stage<S>>>
  /**
   * For a run whose work lives in rows of its domain: what of it the run viewer shows as steps, between which pieces of work it can be
   * forked, and how. Without it a run is forked from the state its stages began with.
   */
  work?: DomainWork<S>
  /** Goes on with a failed run as its domain does; answers the run that goes on. Without it the failed stage is queued again. */
  retry?(ctx: Ctx, run: RunRef<S>): Promise<string>
  /** Path of the screen that shows its work, under the application. */
  screen?(state: S): string
  /** Why a run of this kind cannot be kept from going on; without it every run can be paused. */
  unpausable?: string
  /** In the transaction that ends the run. */
  onEnded?(
    tx: Tx,
    ctx: Ctx,
    run: {
      id: string
      key: string | null
      state: S
      status: 'completed' | 'failed' | 'cancelled'
      error?: RunError
      result?: unknown
    },
  ): Promise<void>
}

export const defineFlow = <S extends RunState>(flow: Flow<S>): Flow<S> => {
  if (!flow.stages[flow.first])
    throw new Error(`flow ${flow.kind}: first stage "${flow.first}" is not among its stages`)
  for (const name of Object.keys(flow.stages))
    if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*@\d+$/.test(name))
      throw new Error(`flow ${flow.kind}: stage "${name}" needs a number, such as "${name}@1"`)
  return flow
}
