import type { SettingTable } from './table.ts'

export const moviesSettings = {} satisfies SettingTable
