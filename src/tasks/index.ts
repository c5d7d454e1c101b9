import path from 'node:path'
import type { Config } from '../kernel/config/load-config.ts'
import { models } from '../kernel/models/part.ts'
import type { Module } from '../kernel/module.ts'
import { onApprovalAnswered } from './approve-for-job.ts'
import { expireTasks } from './expire-tasks.ts'
import { defineTaskMetrics } from './metrics.ts'
import { tasksPool } from './pool-policy.ts'
import { tasksPresenter } from './present-error.ts'
import { taskRoutes } from './routes.ts'
import { settleTask } from './settle-task.ts'
import { taskFlow } from './task-flow.ts'
import { startUpkeep } from './upkeep.ts'

const SCREENS: [pattern: RegExp, screen: (match: RegExpExecArray) => string][] = [
  [/^\/tasks\/(task_[^/?]+)\/?(\?.*)?$/, (match) => `/app/tasks/${match[1]}`],
  [/^\/tasks\/?(\?.*)?$/, () => '/app/tasks'],
  [/^\/agents\/?(\?.*)?$/, () => '/app/tasks/agents'],
  [/^\/logs\/?(\?.*)?$/, () => '/app/tasks/logs'],
  [/^\/results\/?(\?.*)?$/, () => '/app/tasks/results'],
]

/** The tasks domain: any job in plain words. */
export const tasksModule = (config: Config): Module => ({
  name: 'tasks',
  migrations: { schema: 'tasks', dir: path.join(import.meta.dirname, 'migrations') },
  flows: [taskFlow],
  pools: [tasksPool(config)],
  hooks: { onSettled: settleTask, onAnswered: onApprovalAnswered },
  prefixes: ['/', '/v1/agents', '/v1/assignments'],
  presenter: tasksPresenter,
  routes(router, kernel) {
    defineTaskMetrics(kernel)
    taskRoutes(router, kernel)
  },
  screenOf(url) {
    for (const [pattern, screen] of SCREENS) {
      const match = pattern.exec(url)
      if (match) return screen(match)
    }
    return undefined
  },
  start: startUpkeep,
  expire: expireTasks,
  health: async (kernel) => {
    const { configured, reachable } = kernel.use(models).status()
    return { fields: { model_configured: configured }, degraded: configured && reachable === false }
  },
})
