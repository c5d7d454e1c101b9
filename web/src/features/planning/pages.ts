import type { FeaturePage } from '../../app/feature-page.ts'

export const planningPages: FeaturePage[] = [
  { path: '/', load: () => import('./planning-page.tsx') },
  { path: '/approvals', load: () => import('./approvals-page.tsx') },
  { path: '/$eventId', load: () => import('./brief-page.tsx') },
  { path: '/events/$eventId', load: () => import('./brief-page.tsx') },
]
