import type { ComponentType } from 'react'

/**
 * One address of a feature. `path` is below the feature's own (`/planning`), in the router's notation: `/`, `/$briefId`.
 * `load` imports the page when it is first opened; the page is the module's default export and reads its parameters with useParams.
 */
export type FeaturePage = { path: string; load: () => Promise<{ default: ComponentType }> }

export type Feature = { base: string; pages: readonly FeaturePage[] }
