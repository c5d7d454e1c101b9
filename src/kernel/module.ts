import type { FastifyInstance } from 'fastify'
import type { PoolPolicy } from './agents/pool.ts'
import type { MigrationSet } from './db/migrate.ts'
import type { Presenter } from './http/presenter.ts'
import type { Router } from './http/route.ts'
import type { DomainHooks, Kernel } from './kernel.ts'
import type { Flow } from './runs/flow.ts'

/** What a retention of so many days takes away, by kind. */
export type Expired = { what: string; count: number }

/** A domain as the server sees it. `server/compose.ts` is the list of them. */
export type Module = {
  name: string
  migrations?: MigrationSet
  flows?: readonly Flow[]
  pools?: readonly PoolPolicy[]
  hooks?: DomainHooks
  /** Longest matching prefix decides whose errors a path has. */
  prefixes?: readonly string[]
  presenter?: Presenter
  routes?(router: Router, kernel: Kernel, app: FastifyInstance): Promise<void> | void
  /** API path -> screen below /app, for browsers that navigate to it. */
  screenOf?(path: string): string | undefined
  /** Removes what ended before a time, rows and files; with `dry` it only counts. Work that has not ended is never touched. */
  expire?(kernel: Kernel, before: Date, dry: boolean): Promise<Expired[]>
  /** Loops of this domain (sweeps, supervisors). Returns what stops them. */
  start?(kernel: Kernel): Promise<() => Promise<void>>
  /** Fields it adds to /health; `degraded` when a configured outside service is down. */
  health?(kernel: Kernel): Promise<{ fields: Record<string, unknown>; degraded?: boolean }>
}
