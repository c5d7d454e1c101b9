import type { Problem } from '../config/problem.ts'

/** What the simulation throws when it refuses. `name` is the error type shown in results and events. */
export class SimulationError extends Error {
  readonly details: Record<string, unknown>
  constructor(message: string, details: Record<string, unknown> = {}, options?: { cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.details = details
  }
}

/** All problems of a configuration at once. */
export class ConfigurationError extends SimulationError {
  readonly problems: Problem[]
  constructor(problems: Problem[]) {
    super(
      `The configuration is not usable (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):\n${problems
        .map((p) => `  - ${p.line === null ? '' : `line ${p.line}: `}${p.message}`)
        .join('\n')}`,
      { problems },
    )
    this.problems = problems
  }
}

export class RunIdCollisionError extends SimulationError {}
export class UsageError extends SimulationError {}
export class CheckpointSaveError extends SimulationError {}
export class CheckpointLoadError extends SimulationError {}
export class SchemaCompatibilityError extends SimulationError {}
/** A resume that its run, its checkpoint or the configuration given with it does not allow. */
export class ResumeError extends SimulationError {}
export class InvalidActionError extends SimulationError {}
export class StateConstraintError extends SimulationError {}
/** Definitions nested too deep; lists all problems of the configuration. */
export class DepthLimitError extends ConfigurationError {}
export class CircularSchemaError extends ConfigurationError {}
export class SpatialError extends SimulationError {}
export class ComponentError extends SimulationError {}
export class ComponentNotFoundError extends ComponentError {}
export class ComponentExportError extends ComponentError {}
export class ComponentBaseError extends ComponentError {}
export class LifecycleError extends SimulationError {}

/** What a thrown value says: a string thrown by a component is its message. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
export const typeOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error')
