import type { Kernel } from '../kernel/kernel.ts'

const USUAL = 100
const TESTING = 10

/** Workflows that may run at once: MAX_WORKFLOWS, and 10 in the testing profile when nothing else is set. */
export const workflowCap = ({ config }: Pick<Kernel, 'config'>): number =>
  config.core.environment === 'testing' && config.movies.maxWorkflows === USUAL ? TESTING : config.movies.maxWorkflows
