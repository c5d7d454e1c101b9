import type { Kernel } from '../kernel/kernel.ts'
import { models } from '../kernel/models/part.ts'

const at = (given: unknown) => (given ? 'connected' : 'disabled')

/** What planning leans on, for /health/ready (contract 2.12): nothing of it is required to start. */
export async function healthOf(kernel: Kernel): Promise<{ fields: Record<string, unknown>; degraded: boolean }> {
  const { core, notify, planning } = kernel.config
  const { configured, reachable } = kernel.use(models).status()
  const away = configured && reachable === false
  return {
    fields: {
      dependencies: {
        model_provider: away ? 'unavailable' : at(configured),
        telemetry: at(core.otlpEndpoint),
        search: at(planning.searchEndpoint),
        mail: at(notify.smtpHost),
      },
    },
    degraded: away,
  }
}
