import { Columns3, Search, X } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { plural } from '../lib/format.ts'
import { Button } from './button.tsx'
import { type Column, isHidden, type TableView } from './table-rows.ts'

type ToolbarProps<Row> = {
  columns: readonly Column<Row>[]
  view: TableView
  onView: (view: TableView) => void
  count: number
  /** What a row is, in the singular. */
  noun: string
  children?: ReactNode
  placeholder?: string
}

/** Above a table: quick filter, the page's own filters, how many rows, which columns. */
export function TableToolbar<Row>({ columns, view, onView, count, noun, children, placeholder }: ToolbarProps<Row>) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <SearchBox
        value={view.q ?? ''}
        onChange={(q) => onView({ ...view, q })}
        label={placeholder ?? `Filter ${noun}s`}
      />
      {children}
      <span className="tabular ml-auto text-xs text-ink-3" role="status">
        {plural(count, noun)}
      </span>
      <ColumnMenu columns={columns} view={view} onView={onView} />
    </div>
  )
}

/** A text filter with a cross to clear it. */
export function SearchBox({
  value,
  onChange,
  label,
  className = 'w-full sm:w-56',
}: {
  value: string
  onChange: (text: string) => void
  label: string
  className?: string
}) {
  return (
    <div className={`relative ${className}`}>
      <Search
        size={14}
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-3"
      />
      <input
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-full rounded-md border border-line-strong bg-surface pr-7 pl-8 text-sm hover:border-ink-3 focus-visible:outline-offset-0"
      />
      {value ? (
        <button
          type="button"
          aria-label="Clear the filter"
          onClick={() => onChange('')}
          className="absolute top-1/2 right-1.5 -translate-y-1/2 rounded p-1 text-ink-3 hover:text-ink"
        >
          <X size={13} aria-hidden="true" />
        </button>
      ) : null}
    </div>
  )
}

function ColumnMenu<Row>({
  columns,
  view,
  onView,
}: {
  columns: readonly Column<Row>[]
  view: TableView
  onView: (view: TableView) => void
}) {
  const toggle = (column: Column<Row>) => {
    const mark = `${column.optional ? '+' : '-'}${column.id}`
    const marks = view.hidden ?? []
    onView({ ...view, hidden: marks.includes(mark) ? marks.filter((one) => one !== mark) : [...marks, mark] })
  }
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button look="quiet" size="sm" icon={Columns3} aria-label="Choose columns" className="max-md:hidden" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="fade-in z-50 min-w-44 rounded-md border border-line bg-raised p-1 text-sm shadow-pop"
        >
          {columns.map((column) => (
            <DropdownMenu.CheckboxItem
              key={column.id}
              checked={!isHidden(column, view)}
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={() => toggle(column)}
              className="flex cursor-pointer items-center gap-2 rounded px-2 py-1 outline-none data-[highlighted]:bg-hover"
            >
              <span className="grid size-4 place-items-center rounded border border-line-strong text-accent-ink">
                <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
              </span>
              {column.header}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
