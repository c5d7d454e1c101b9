import path from 'node:path'
import type { Config } from '../kernel/config/load-config.ts'
import { openSandbox, type Sandbox } from '../kernel/tools/sandbox.ts'

const MB = 1_048_576

/** Where a task's files live. */
export const workspaceOf = (config: Config, taskId: string): string =>
  path.resolve(config.tasks.sharedFilesPath, taskId)
export const artifactsRoot = (config: Config): string => path.resolve(config.tasks.artifactsPath)
export const uploadsOf = (config: Config, taskId: string): string => path.join(artifactsRoot(config), 'uploads', taskId)
export const PUBLISHED = ['images', 'reports', 'data'] as const

/** The workspace of one task as agents see it: `output/` and `temp/` writable (3.9.2). */
export const openWorkspace = (config: Config, taskId: string): Promise<Sandbox> =>
  openSandbox({
    root: workspaceOf(config, taskId),
    writable: ['output', 'temp'],
    maxFileBytes: 50 * MB,
    maxRootBytes: 500 * MB,
  })

export const openUploads = (config: Config, taskId: string): Promise<Sandbox> =>
  openSandbox({ root: uploadsOf(config, taskId), writable: [] })

/** One published folder of one task, such as artifacts/images/{task_id}. */
export const openPublished = (config: Config, folder: (typeof PUBLISHED)[number], taskId: string): Promise<Sandbox> =>
  openSandbox({ root: path.join(artifactsRoot(config), folder, taskId), maxFileBytes: 50 * MB, maxRootBytes: 500 * MB })
