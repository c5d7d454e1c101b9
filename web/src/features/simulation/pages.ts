import type { FeaturePage } from '../../app/feature-page.ts'

export const simulationPages: FeaturePage[] = [{ path: '/', load: () => import('./simulation-page.tsx') }]
