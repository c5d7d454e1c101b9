import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type UrlState = Record<string, string>

/**
 * The page's state as it stands in the address: every filter, open drawer, selected thing and time range.
 * `set` merges; an empty or undefined value leaves the address. Pass `replace` for what Back should not step through.
 */
export function useUrlState(): [UrlState, (patch: Record<string, string | undefined>, replace?: boolean) => void] {
  const search = useSearch({ strict: false }) as UrlState
  const navigate = useNavigate()
  const set = useCallback(
    (patch: Record<string, string | undefined>, replace = false) => {
      const search = (prev: UrlState) => {
        const next = { ...prev, ...patch }
        return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''))
      }
      void navigate({ to: '.', search: search as never, replace, resetScroll: false })
    },
    [navigate],
  )
  return [search, set]
}
