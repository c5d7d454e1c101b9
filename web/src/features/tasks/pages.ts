import type { FeaturePage } from '../../app/feature-page.ts'

const tab = () => import('./tasks-page.tsx')

/** /tasks is the composer; the other tabs have addresses of their own; a task's address opens it in the monitor. */
export const tasksPages: FeaturePage[] = [
  { path: '/', load: tab },
  { path: '/monitor', load: tab },
  { path: '/agents', load: tab },
  { path: '/logs', load: tab },
  { path: '/results', load: tab },
  { path: '/$taskId', load: tab },
]
