import type { FeaturePage } from '../../app/feature-page.ts'

export const moviesPages: FeaturePage[] = [
  { path: '/', load: () => import('./movies-page.tsx') },
  { path: '/agents', load: () => import('./movie-agents-page.tsx') },
  { path: '/projects', load: () => import('./projects-page.tsx') },
  { path: '/projects/$projectId', load: () => import('./project-page.tsx') },
  { path: '/log', load: () => import('./log-page.tsx') },
  { path: '/health', load: () => import('./health-page.tsx') },
  { path: '/$workflowId', load: () => import('./production-page.tsx') },
  { path: '/workflows/$workflowId', load: () => import('./production-page.tsx') },
]
