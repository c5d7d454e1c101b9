import type { FeaturePage } from '../../app/feature-page.ts'

export const whyPages: FeaturePage[] = [{ path: '/', load: () => import('./why-page.tsx') }]
