import type { FeaturePage } from '../../app/feature-page.ts'

export const homePages: FeaturePage[] = [{ path: '/', load: () => import('./home-page.tsx') }]
