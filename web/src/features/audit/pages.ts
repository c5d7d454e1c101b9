import type { FeaturePage } from '../../app/feature-page.ts'

export const auditPages: FeaturePage[] = [{ path: '/', load: () => import('./audit-page.tsx') }]
