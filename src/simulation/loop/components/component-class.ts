import type { Path } from '../config/problem.ts'
import { BaseAgent } from './base-agent.ts'
import { BaseEngine } from './base-engine.ts'
import { BaseValidator } from './base-validator.ts'

export const COMPONENT_KINDS = ['agent', 'engine', 'validator'] as const
export type ComponentKind = (typeof COMPONENT_KINDS)[number]

export type AddProblem = (path: Path, expected: string, actual: string, remedy: string) => void
/** Checks a component's `config` before the run exists; paths start below `config`. */
export type ConfigCheck = (config: Record<string, any>, add: AddProblem) => void

export type AgentClass = (new (init: any) => BaseAgent) & { checkConfig?: ConfigCheck }
export type ValidatorClass = (new (
  init: any,
) => BaseValidator) & {
  checkConfig?: ConfigCheck
  /** A model needs to know what it judges: `validator.domain` must be given. */
  requiresDomain?: boolean
}
export type EngineClass = (new (
  init: any,
) => BaseEngine) & {
  checkConfig?: ConfigCheck
  variables?: { agent_vars: Record<string, any>; global_vars: Record<string, any> }
  /** The variables an engine without own definitions works on. */
  requiredVariables?: { agent: string[]; global: string[] }
  /** What `termination` watches when it names no variable. */
  primaryVariable?: { agent?: string; global?: string }
}
export type ComponentClass<K extends ComponentKind> = K extends 'agent'
  ? AgentClass
  : K extends 'engine'
    ? EngineClass
    : ValidatorClass

export const BASE_CLASSES: Record<ComponentKind, abstract new (...args: any) => unknown> = {
  agent: BaseAgent,
  engine: BaseEngine,
  validator: BaseValidator,
}

export const SUFFIXES: Record<ComponentKind, string> = { agent: 'Agent', engine: 'Engine', validator: 'Validator' }
