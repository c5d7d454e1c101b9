import type { Config } from '../kernel/config/load-config.ts'
import type { Module } from '../kernel/module.ts'

/** The domains of this product. Adding one is a folder and a line here. */
export async function loadModules(config: Config): Promise<Module[]> {
  const [{ tasksModule }, { planningModule }, { moviesModule }, { simulationModules }] = await Promise.all([
    import('../tasks/index.ts'),
    import('../planning/index.ts'),
    import('../movies/index.ts'),
    import('../simulation/index.ts'),
  ])
  return [tasksModule(config), planningModule(config), moviesModule(config), ...simulationModules(config)]
}
