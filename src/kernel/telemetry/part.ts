import { part } from '../kernel.ts'
import type { Metrics } from './metrics.ts'

/** `kernel.use(metrics)` is the process's registry; `.scope('tasks')` a domain's part of it. */
export const metrics = part<Metrics>('metrics')
