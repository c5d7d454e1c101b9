import type { Json } from '../core/json.ts'

export const VARIABLE_TYPES = ['float', 'int', 'bool', 'categorical', 'str', 'dict', 'list', 'tuple', 'object'] as const
export type VariableType = (typeof VARIABLE_TYPES)[number]

type Base = { default: Json; description?: string }
export type NumberDefinition = Base & {
  type: 'float' | 'int'
  min?: number
  max?: number
  on_violation: 'reject' | 'clamp'
}
export type StringDefinition = Base & { type: 'str'; pattern?: string; regex?: RegExp; max_length: number }
export type DynamicDict = Base & { type: 'dict'; key_type: 'str' | 'int'; value_type: VariableDefinition }
export type FixedDict = Base & { type: 'dict'; schema: Readonly<Record<string, VariableDefinition>> }

/** A compiled definition: nested ones expanded, the default always there. */
export type VariableDefinition =
  | NumberDefinition
  | (Base & { type: 'bool' })
  | (Base & { type: 'categorical'; values: readonly string[] })
  | StringDefinition
  | DynamicDict
  | FixedDict
  | (Base & { type: 'list'; item_type: VariableDefinition; max_length: number })
  | (Base & { type: 'tuple'; item_types: readonly VariableDefinition[] })
  | (Base & { type: 'object'; schema: Readonly<Record<string, VariableDefinition>> })
  /** Inferred from an initial value of a file without definitions: any JSON. */
  | (Base & { type: 'json' })

export const isFixedDict = (def: DynamicDict | FixedDict): def is FixedDict => 'schema' in def

export const isNumeric = (def: VariableDefinition | undefined): def is NumberDefinition =>
  def?.type === 'float' || def?.type === 'int'

export const MAX_ENTRIES = 1000
export const MAX_TEXT = 10_000
