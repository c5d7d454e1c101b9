import type { FeaturePage } from '../../app/feature-page.ts'

export const moviesPages: FeaturePage[] = [
  { path: '/', load: () => import('./movies-page.tsx') },
  { path: '/agents', load: () => import('./movie-agents-page.tsx') },
  { path: '/$workflowId', load: () => import('./production-page.tsx') },
  { path: '/workflows/$workflowId', load: () => import('./production-page.tsx') },
]
