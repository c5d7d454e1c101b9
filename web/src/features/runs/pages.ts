import type { FeaturePage } from '../../app/feature-page.ts'

export const runsPages: FeaturePage[] = [
  { path: '/', load: () => import('./runs-page.tsx') },
  { path: '/compare', load: () => import('./compare-page.tsx') },
  { path: '/$runId', load: () => import('./run-page.tsx') },
]
