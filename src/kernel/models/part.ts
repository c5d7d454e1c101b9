import { part } from '../kernel.ts'
import type { ModelGateway } from './gateway.ts'

/** `kernel.use(models)` is the process's gateway. */
export const models = part<ModelGateway>('models')
