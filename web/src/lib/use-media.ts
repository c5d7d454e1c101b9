import { useSyncExternalStore } from 'react'

/** Whether a media query holds now, and again when it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (notify) => {
      const list = matchMedia(query)
      list.addEventListener('change', notify)
      return () => list.removeEventListener('change', notify)
    },
    () => matchMedia(query).matches,
  )
}

/** Narrow screens show drawers as pages. */
export const usePhone = () => useMedia('(max-width: 767px)')
