import type { SettingTable } from './table.ts'

export const simulationSettings = {} satisfies SettingTable
