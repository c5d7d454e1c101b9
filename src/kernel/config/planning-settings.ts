import type { SettingTable } from './table.ts'

export const planningSettings = {} satisfies SettingTable
