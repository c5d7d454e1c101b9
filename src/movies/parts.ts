import type { Kernel } from '../kernel/kernel.ts'
import type { MediaService } from './media-port.ts'
import type { OutsideServices } from './services-port.ts'

/** What the engine works with in one process: the outside services and the local studio. */
export type MovieParts = { services: OutsideServices; studio: MediaService }

const installed = new WeakMap<Kernel, MovieParts>()

/** Stand-alone: every outside service is unset. */
export const noServices: OutsideServices = {
  projects: null,
  knowledge: null,
  jobs: null,
  state: () => 'not_configured',
  circuit: () => 'closed',
  onRecovered: () => () => undefined,
  start: () => undefined,
  close: async () => undefined,
}

export const installParts = (kernel: Kernel, parts: MovieParts) => void installed.set(kernel, parts)

/** Undefined where the module only serves metrics so far. */
export const findParts = (kernel: Kernel) => installed.get(kernel)

export function partsOf(kernel: Kernel): MovieParts {
  const parts = installed.get(kernel)
  if (!parts) throw new Error('the movies module has not been started in this process')
  return parts
}
