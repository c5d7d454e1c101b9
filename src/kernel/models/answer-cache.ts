import type { ModelAnswer } from './types.ts'

/** Answers of identical questions, in memory; the oldest of many goes first. */
export function createAnswerCache(maxEntries = 200) {
  const entries = new Map<string, { answer: ModelAnswer; until: number }>()
  return {
    get(key: string, now: number): ModelAnswer | undefined {
      const entry = entries.get(key)
      if (entry && entry.until > now) return entry.answer
      entries.delete(key)
      return undefined
    },
    set(key: string, answer: ModelAnswer, until: number): void {
      entries.delete(key)
      entries.set(key, { answer, until })
      const oldest = entries.keys().next()
      if (entries.size > maxEntries && !oldest.done) entries.delete(oldest.value)
    },
  }
}
