import type { FeaturePage } from '../../app/feature-page.ts'

export const settingsPages: FeaturePage[] = [{ path: '/', load: () => import('./settings-page.tsx') }]
