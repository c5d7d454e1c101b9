import type { FeaturePage } from '../../app/feature-page.ts'

export const tasksPages: FeaturePage[] = [{ path: '/', load: () => import('./tasks-page.tsx') }]
