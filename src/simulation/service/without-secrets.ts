import { isMap } from '../loop/core/json.ts'

const SECRET = /(api_?key|token|secret|password|credential|authorization)/i
/** A reference to the environment is no secret, and says where the value comes from. */
const REFERENCE = /^\$\{[^}]*\}$/

/** A configuration with the values of secret-looking keys hidden, at any depth. */
export function withoutSecrets<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutSecrets) as T
  if (!isMap(value)) return value
  const entries = Object.entries(value).map(([key, item]) => {
    const isSecret = SECRET.test(key) && typeof item === 'string' && !REFERENCE.test(item)
    return [key, isSecret ? '***' : withoutSecrets(item)]
  })
  return Object.fromEntries(entries) as T
}
