import type { FeaturePage } from '../../app/feature-page.ts'

export const agentsPages: FeaturePage[] = [
  { path: '/', load: () => import('./agents-page.tsx') },
  { path: '/try', load: () => import('./try-page.tsx') },
]
