import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { PageSkeleton } from '../components/skeleton.tsx'
import { parseSearch, stringifySearch } from '../lib/search-params.ts'
import { features } from './features.ts'
import { NotFound, PageFailed } from './page-problems.tsx'
import { Shell } from './shell.tsx'

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const join = (base: string, path: string) => `${base === '/' ? '' : base}${path === '/' ? '' : path}` || '/'

const routes = features.flatMap(({ base, pages }) =>
  pages.map((page) =>
    createRoute({
      getParentRoute: () => rootRoute,
      path: join(base, page.path),
      validateSearch: (search: Record<string, unknown>) => search as Record<string, string>,
      component: lazyRouteComponent(page.load),
      pendingComponent: PageSkeleton,
      errorComponent: PageFailed,
    }),
  ),
)

export const router = createRouter({
  routeTree: rootRoute.addChildren(routes),
  basepath: '/app',
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 200,
  scrollRestoration: false,
})
