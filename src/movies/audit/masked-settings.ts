import type { Config } from '../../kernel/config/load-config.ts'
import { settingTables } from '../../kernel/config/load-config.ts'

/** The settings this domain starts with; a secret shows only that it is set. */
export function maskedSettings(config: Config): Record<string, unknown> {
  const shown: Record<string, unknown> = { environment: config.core.environment, port: config.core.port }
  for (const [name, value] of Object.entries(config.movies)) {
    const setting = settingTables.movies[name as keyof typeof settingTables.movies] as { secret?: boolean }
    shown[name] = setting.secret && value !== undefined ? '***' : (value ?? null)
  }
  return shown
}
