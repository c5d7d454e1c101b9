import type { FeaturePage } from '../../app/feature-page.ts'

export const moviesPages: FeaturePage[] = [{ path: '/', load: () => import('./movies-page.tsx') }]
