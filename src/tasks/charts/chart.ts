/** What a chart shows. Drawn by `draw-chart.ts`; values are plain numbers, null leaves a gap. */
export type Series = { name: string; values: readonly (number | null)[] }
export type Chart =
  | {
      kind: 'bar'
      title: string
      subtitle?: string
      categories: readonly string[]
      series: readonly Series[]
      valueLabel: string
      categoryLabel: string
    }
  | {
      kind: 'line'
      title: string
      subtitle?: string
      categories: readonly string[]
      series: readonly Series[]
      valueLabel: string
      categoryLabel: string
    }
  | { kind: 'histogram'; title: string; subtitle?: string; values: readonly number[]; valueLabel: string }
  | {
      kind: 'pie'
      title: string
      subtitle?: string
      slices: readonly { label: string; value: number }[]
      valueLabel: string
    }
  | {
      kind: 'scatter'
      title: string
      subtitle?: string
      points: readonly (readonly [number, number])[]
      xLabel: string
      yLabel: string
    }
  | {
      kind: 'heatmap'
      title: string
      subtitle?: string
      rows: readonly string[]
      columns: readonly string[]
      values: readonly (readonly (number | null)[])[]
      range: readonly [number, number]
    }
export type ChartOf<K extends Chart['kind']> = Extract<Chart, { kind: K }>

export const WIDTH = 960
export const HEIGHT = 560
