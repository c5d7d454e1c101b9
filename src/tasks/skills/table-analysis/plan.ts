import type { Aggregate } from '../../tables/statistics.ts'
import type { Column } from '../../tables/table.ts'
import type { TableFormat } from '../../tables/write-table.ts'
import type { Filter } from './filter-rows.ts'

/** What a text asks to be done with a table. */
export type Measure = { column: Column; aggregates: Aggregate[] }
export type GroupPlan = { by: Column; measures: Measure[] | 'rows' }
export type PeriodUnit = 'month' | 'quarter' | 'year'
export type PeriodPlan = { unit: PeriodUnit; date: Column; measures: Measure[] }
/** `group` absent: whole rows are ranked. */
export type TopPlan = { n: number; lowest: boolean; group?: Column; rank: Column | 'rows'; aggregate: Aggregate }
export type ChartKind = 'bar' | 'line' | 'histogram' | 'pie' | 'scatter' | 'heatmap'
export type ChartPlan = { kind: ChartKind; columns: Column[]; unit?: PeriodUnit }
export type SortPlan = { column: Column; descending: boolean }
export type SavePlan = { name: string | undefined; format: TableFormat }

export type Plan = {
  filter: Filter | undefined
  sort: SortPlan | undefined
  whole: Measure[]
  groups: GroupPlan[]
  periods: PeriodPlan[]
  tops: TopPlan[]
  correlation: Column[]
  charts: ChartPlan[]
  /** Charts were asked for without saying which. */
  anyCharts: boolean
  save: SavePlan | undefined
  /** Nothing particular was asked: an overview is. */
  isOverview: boolean
}
