import type { FeaturePage } from '../../app/feature-page.ts'

export const eventsPages: FeaturePage[] = [{ path: '/', load: () => import('./events-page.tsx') }]
