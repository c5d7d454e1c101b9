import type { FeaturePage } from '../../app/feature-page.ts'

export const simulationPages: FeaturePage[] = [
  { path: '/', load: () => import('./simulation-page.tsx') },
  { path: '/compare', load: () => import('./compare-page.tsx') },
  { path: '/sweeps', load: () => import('./sweeps-page.tsx') },
  { path: '/sweeps/$sweepId', load: () => import('./sweep-page.tsx') },
  { path: '/$simId', load: () => import('./sim-page.tsx') },
]
