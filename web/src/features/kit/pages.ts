import type { FeaturePage } from '../../app/feature-page.ts'

export const kitPages: FeaturePage[] = [{ path: '/', load: () => import('./kit-page.tsx') }]
