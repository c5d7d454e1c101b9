import type { FeaturePage } from '../../app/feature-page.ts'

export const planningPages: FeaturePage[] = [{ path: '/', load: () => import('./planning-page.tsx') }]
