import os from 'node:os'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Pool } from './choose-agent.ts'

/** RESOURCE_POOL, where not given this host: its cores and memory, no graphics. */
export function hostPool(kernel: Kernel): Pool {
  const given = kernel.config.movies.resourcePool ?? {}
  return {
    cpu: given.cpu ?? os.availableParallelism(),
    memory: given.memory ?? Math.floor(os.totalmem() / 1024 ** 3),
    gpu: given.gpu ?? 0,
  }
}
