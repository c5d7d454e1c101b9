import type { SettingTable } from './table.ts'

export const modelsSettings = {} satisfies SettingTable
