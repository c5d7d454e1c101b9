import type { SettingTable } from './table.ts'

export const tasksSettings = {} satisfies SettingTable
