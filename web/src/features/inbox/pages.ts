import type { FeaturePage } from '../../app/feature-page.ts'

export const inboxPages: FeaturePage[] = [{ path: '/', load: () => import('./inbox-page.tsx') }]
