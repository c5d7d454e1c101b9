import { readStored, writeStored } from './storage.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** The theme chosen in this browser. */
export function currentTheme(): Theme {
  const stored = readStored('theme', 'system')
  return THEMES.find((theme) => theme === stored) ?? 'system'
}

/** Applies a theme at once; `keep` also remembers it. */
export function applyTheme(theme: Theme, keep = true): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  if (keep) writeStored('theme', theme === 'system' ? '' : theme)
}
