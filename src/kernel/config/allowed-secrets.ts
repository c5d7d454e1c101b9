import type { Environment } from './load-config.ts'

/** Values of the variables that the operator lets steps use; unset and empty ones are left out. */
export function allowedSecrets(names: readonly string[], env: Environment = process.env): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
