// What `import … from 'troupe/simulation'` gives to component authors and to programs that run simulations themselves.
export type { CheckpointMetadata } from './loop/checkpoints/checkpoint-store.ts'
export type {
  Action,
  ActionInput,
  Judged,
  LifecycleRequest,
  PolicyDecision,
  ValidationResult,
  Verdict,
} from './loop/components/action.ts'
export { BaseAgent, type Init } from './loop/components/base-agent.ts'
export { BaseEngine, type EngineInit, type Termination } from './loop/components/base-engine.ts'
export { BaseValidator, type ValidationStats } from './loop/components/base-validator.ts'
export type {
  AgentContext,
  ComponentContext,
  EngineContext,
  SystemOptions,
  ValidatorContext,
} from './loop/components/context.ts'
export { ComponentLibrary, type Registry } from './loop/components/discover.ts'
export { loadConfigFile, loadConfigObject, loadConfigText } from './loop/config/load-config.ts'
export type { Problem } from './loop/config/problem.ts'
export type { SimulationConfig } from './loop/config/simulation-config.ts'
export * from './loop/core/errors.ts'
export type { Json, JsonMap } from './loop/core/json.ts'
export {
  createActionEvent,
  createDecisionEvent,
  createDetailEvent,
  createMilestoneEvent,
  createStateEvent,
  createSystemEvent,
} from './loop/events/build-event.ts'
export {
  type Cause,
  EVENT_TYPES,
  type EventRef,
  type EventType,
  MILESTONE_TYPES,
  type SimEvent,
  type SystemStatus,
  VERBOSITY_LEVELS,
  type Verbosity,
} from './loop/events/event.ts'
export { type EventFilter, matches, parseFilter } from './loop/events/event-filter.ts'
export { EventValidationError, validateEvent } from './loop/events/validate-event.ts'
export { admits } from './loop/events/verbosity.ts'
export { stateUpdateSchema } from './loop/llm/answer-schema.ts'
export type { AnswerSchema, LlmCallMeta, LlmClient, Prompt } from './loop/llm/llm-client.ts'
export { LlmFailureError } from './loop/llm/llm-error.ts'
export { LlmAgent, LlmEngine, LlmValidator } from './loop/llm/llm-patterns.ts'
export { type LlmRequest, LlmStatusError, type LlmTransport } from './loop/llm/llm-transport.ts'
export { configureLogging, type Logger } from './loop/logging/logger.ts'
export { Orchestrator } from './loop/run/orchestrator.ts'
export type { OrchestratorOptions } from './loop/run/orchestrator-options.ts'
export type { RunResult } from './loop/run/run-result.ts'
export { SpatialQueries, spatial } from './loop/spatial/queries.ts'
export {
  type AgentState,
  type ReasoningChain,
  type SimulationState,
  type SpatialState,
  updateAgent,
  updateGlobal,
} from './loop/state/state.ts'
export { EventWriter } from './loop/writer/event-writer.ts'
export type { WriterOptions } from './loop/writer/writer-options.ts'
export type { WriterStats } from './loop/writer/writer-stats.ts'
export { EventService, type EventServiceOptions } from './service/event-service.ts'
export { createRunReader } from './service/run-reader.ts'
