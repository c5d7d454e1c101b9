import { coreSettings } from './core-settings.ts'
import { entraSettings } from './entra-settings.ts'
import { filesSettings } from './files-settings.ts'
import { modelsSettings } from './models-settings.ts'
import { moviesSettings } from './movies-settings.ts'
import { notifySettings } from './notify-settings.ts'
import { planningSettings } from './planning-settings.ts'
import { simulationSettings } from './simulation-settings.ts'
import type { SettingTable, Values } from './table.ts'
import { tasksSettings } from './tasks-settings.ts'

export const settingTables = {
  core: coreSettings,
  models: modelsSettings,
  files: filesSettings,
  notify: notifySettings,
  entra: entraSettings,
  tasks: tasksSettings,
  planning: planningSettings,
  movies: moviesSettings,
  simulation: simulationSettings,
}

export type Config = { readonly [K in keyof typeof settingTables]: Values<(typeof settingTables)[K]> }
export type Environment = Readonly<Record<string, string | undefined>>

/** Every wrong variable at once, each with its remedy. Stops the start. */
export class ConfigError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(`Configuration is not usable:\n${problems.map((p) => `  - ${p}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

function readTable(table: SettingTable, env: Environment, problems: string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(table)) {
    const given = setting.names.flatMap((name) => {
      const value = env[name]
      return value === undefined || value.trim() === '' ? [] : [{ name, value }]
    })
    const first = given[0]
    const other = given.find(({ value }) => value !== first?.value)
    if (first && other && !(key === 'environment'))
      problems.push(`${first.name} and ${other.name} name the same setting but differ: unset one of them`)
    if (!first) {
      values[key] = setting.fallback
      continue
    }
    const parsed = setting.schema.safeParse(first.value)
    if (parsed.success) values[key] = parsed.data
    else {
      const shown = setting.secret ? '' : ` (is "${first.value}")`
      problems.push(`${first.name}${shown}: ${parsed.error.issues[0]?.message ?? 'not usable'}`)
    }
  }
  return values
}

/** The only reader of the environment. Throws ConfigError naming every wrong variable and its remedy. */
export function loadConfig(env: Environment = process.env): Config {
  const problems: string[] = []
  const config = Object.fromEntries(
    Object.entries(settingTables).map(([section, table]) => [section, readTable(table, env, problems)]),
  ) as Record<string, Record<string, unknown>>
  if (problems.length > 0) throw new ConfigError(problems)
  return config as unknown as Config
}

/** The environment of this process, for the command line and for what is handed to children. */
export const processEnvironment = (): Environment => process.env
