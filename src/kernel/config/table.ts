import type { z } from 'zod'

/**
 * One setting. `names[0]` is the documented variable, the others are aliases: all are accepted, two with different values
 * stop the start. `schema` parses the text; `fallback` is the value when none is set.
 */
export type Setting<T = unknown> = {
  names: readonly [string, ...string[]]
  schema: z.ZodType<T, any>
  fallback: T
  doc: string
  secret?: boolean
}

export const setting = <T>(s: Setting<T>): Setting<T> => s

export type SettingTable = Record<string, Setting<any>>
export type Values<T extends SettingTable> = { readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never }
