import { settingTables } from '../config/load-config.ts'
import { SHORTEST, spellingsOf } from './secrets.ts'

/** The values of all settings marked secret, and the passwords inside connection addresses. */
export function secretsOfConfig(config: Record<string, Record<string, unknown>>): string[] {
  return Object.entries(settingTables).flatMap(([section, table]) =>
    Object.entries(table).flatMap(([key, setting]) => {
      if (!(setting as { secret?: boolean }).secret) return []
      return [config[section]?.[key]].flat().flatMap((value) => {
        if (typeof value !== 'string') return []
        const password = URL.parse(value)?.password
        return password ? [value, password, decodeURIComponent(password)] : [value]
      })
    }),
  )
}

/** Whether a text holds a secret setting of this installation, in any spelling. */
export const holdsSecret = (config: Record<string, Record<string, unknown>>, text: string): boolean =>
  secretsOfConfig(config).some(
    (value) => value.trim().length >= SHORTEST && spellingsOf(value).some((spelling) => text.includes(spelling)),
  )
