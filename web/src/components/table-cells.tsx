import { ArrowDown, ArrowUp } from 'lucide-react'
import { cx } from '../lib/cx.ts'
import type { Column, TableView } from './table-rows.ts'

/** A column's name; pressing it sorts. */
export function HeaderCell<Row>({
  column,
  view,
  onSort,
}: {
  column: Column<Row>
  view: TableView
  onSort: () => void
}) {
  const sorted = view.sort?.id === column.id ? view.sort : undefined
  const Icon = sorted?.desc ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      tabIndex={-1}
      aria-sort={sorted ? (sorted.desc ? 'descending' : 'ascending') : undefined}
      className={cx('min-w-0 pr-3', column.align === 'end' && 'text-right')}
    >
      {column.sort ? (
        <button
          type="button"
          onClick={onSort}
          className={cx(
            'inline-flex max-w-full items-center gap-1 truncate rounded text-xs font-medium hover:text-ink',
            sorted ? 'text-ink' : 'text-ink-3',
          )}
        >
          {column.header}
          {sorted ? <Icon size={12} aria-hidden="true" /> : null}
        </button>
      ) : (
        <span className={column.bare ? 'sr-only' : 'truncate text-xs font-medium text-ink-3'}>{column.header}</span>
      )}
    </div>
  )
}

/** A row as cells side by side. */
export function WideRow<Row>({
  row,
  columns,
  template,
}: {
  row: Row
  columns: readonly Column<Row>[]
  template: string
}) {
  return (
    <div role="presentation" className="grid h-full items-center" style={{ gridTemplateColumns: template }}>
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          tabIndex={-1}
          className={cx('min-w-0 truncate pr-3 [&>*]:align-middle', column.align === 'end' && 'tabular text-right')}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

/** A row as two lines: title and state, then what else matters. */
export function PhoneRow<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }) {
  const at = (place: Column<Row>['phone']) => columns.filter((column) => column.phone === place)
  return (
    <div role="gridcell" tabIndex={-1} className="flex h-full flex-col justify-center gap-1">
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1 truncate font-medium">
          {at('title').map((column) => (
            <span key={column.id}>{column.cell(row)}</span>
          ))}
        </div>
        {at('side').map((column) => (
          <span key={column.id} className="shrink-0">
            {column.cell(row)}
          </span>
        ))}
      </div>
      <div className="flex min-w-0 gap-3 truncate text-xs text-ink-2">
        {at('sub').map((column) => (
          <span key={column.id} className="truncate last:shrink-0 empty:hidden">
            {column.cell(row)}
          </span>
        ))}
      </div>
    </div>
  )
}
