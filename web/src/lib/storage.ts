/** A value kept in this browser. Private windows may refuse storage; then the fallback holds for the session. */
export function readStored(key: string, fallback = ''): string {
  try {
    return localStorage.getItem(`troupe.${key}`) ?? fallback
  } catch {
    return fallback
  }
}

/** Keeps a value in this browser; an empty one removes it. Answers whether the browser kept it. */
export function writeStored(key: string, value: string): boolean {
  try {
    if (value) localStorage.setItem(`troupe.${key}`, value)
    else localStorage.removeItem(`troupe.${key}`)
    return true
  } catch {
    return false
  }
}
