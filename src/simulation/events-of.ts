import type { Kernel } from '../kernel/kernel.ts'
import { LeaseView } from './served/lease-view.ts'
import { outputRootOf } from './served/served.ts'
import { EventService } from './service/event-service.ts'

const services = new WeakMap<Kernel, EventService>()

/** The one reader of this server's runs: everything that asks about their events shares its indexes. */
export function eventsOf(kernel: Kernel): EventService {
  const known = services.get(kernel)
  if (known) return known
  const leases = new LeaseView(kernel.db)
  const warning = (event: string, fields: object = {}) => kernel.log.warn(fields, event)
  const logger = { bind: () => logger, debug: () => undefined, info: () => undefined, warning, error: warning }
  const service = new EventService({
    outputRoot: outputRootOf(kernel),
    statusOverride: leases.statusOf,
    beforeLook: () => leases.refresh(),
    logger,
  })
  services.set(kernel, service)
  return service
}
