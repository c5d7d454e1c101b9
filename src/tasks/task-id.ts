import { randomBytes } from 'node:crypto'

/** `task_{yyMMddHHmmss}_{12 hex}` in UTC: sorts by time. */
export function newTaskId(now: number): string {
  const stamp = new Date(now).toISOString().replace(/\D/g, '').slice(2, 14)
  return `task_${stamp}_${randomBytes(6).toString('hex')}`
}

export const newSubtaskId = (): string => `subtask_${randomBytes(6).toString('hex')}`
