import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import { cx } from '../lib/cx.ts'
import { useHotkeys } from '../lib/hotkeys.ts'
import { usePhone } from '../lib/use-media.ts'
import { HeaderCell, PhoneRow, WideRow } from './table-cells.tsx'
import { type Column, isHidden, nextSort, type TableView, tableRows } from './table-rows.ts'
import { useChangedKeys } from './use-changed-keys.ts'

type TableProps<Row> = {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  onOpen?: (row: Row) => void
  selected?: string | undefined
  view: TableView
  onView: (view: TableView) => void
  empty?: ReactNode
  /** Extra class of a row, for example to highlight it. */
  rowClass?: (row: Row) => string | undefined
  /** What makes a row another one: when it changes, the row glows once. */
  version?: (row: Row) => string
  /** Called near the end, to fetch more. */
  onEnd?: () => void
}

const PHONE_ROW = 64
const ROW = 36

/** A table that stays smooth with 100,000 rows: only what is seen is drawn. j/k move, Enter opens, headers sort. */
export function Table<Row>({
  label,
  rows,
  columns,
  rowKey,
  onOpen,
  selected,
  view,
  onView,
  empty,
  rowClass,
  version,
  onEnd,
}: TableProps<Row>) {
  const phone = usePhone()
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const [cursor, setCursor] = useState(-1)
  const shownColumns = useMemo(() => columns.filter((column) => !isHidden(column, view)), [columns, view])
  const shown = useMemo(() => tableRows(rows, columns, view), [rows, columns, view])
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (phone ? PHONE_ROW : ROW),
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const changed = useChangedKeys(rows, rowKey, version)
  const template = shownColumns.map((c) => `minmax(${c.width}px, ${c.grow ? `${c.grow}fr` : `${c.width}px`})`).join(' ')
  const minWidth = shownColumns.reduce((sum, c) => sum + c.width, 24)

  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again only when the row height changes
  useEffect(() => virtual.measure(), [phone])
  const lastIndex = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (onEnd && shown.length > 0 && lastIndex >= shown.length - 5) onEnd()
  }, [lastIndex, shown.length, onEnd])

  const move = (by: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, (cursor < 0 ? (by > 0 ? -1 : 0) : cursor) + by))
    setCursor(next)
    virtual.scrollToIndex(next)
  }
  const open = (index: number) => {
    const row = shown[index]
    if (row && onOpen) onOpen(row)
  }
  useHotkeys([
    { keys: 'j', does: 'Next row', run: () => move(1) },
    { keys: 'k', does: 'Previous row', run: () => move(-1) },
    { keys: 'enter', does: 'Open the row', run: () => open(cursor) },
  ])
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -1e9, End: 1e9 }[event.key]
    if (by !== undefined) {
      event.preventDefault()
      move(by)
    }
  }

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={shown.length + 1}
      aria-activedescendant={cursor >= 0 ? `${id}-${cursor}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="relative h-full min-h-0 overflow-auto -outline-offset-2"
    >
      {phone ? null : (
        <div role="rowgroup" className="sticky top-0 z-10 bg-surface" style={{ minWidth }}>
          <div
            role="row"
            tabIndex={-1}
            aria-rowindex={1}
            className="grid h-9 items-center border-b border-line px-3"
            style={{ gridTemplateColumns: template }}
          >
            {shownColumns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                view={view}
                onSort={() => onView(nextSort(view, column.id))}
              />
            ))}
          </div>
        </div>
      )}
      {shown.length === 0 ? (
        <div role="rowgroup">
          {
            <div role="row" tabIndex={-1}>
              <div role="gridcell" tabIndex={-1}>
                {empty}
              </div>
            </div>
          }
        </div>
      ) : null}
      <div
        role="rowgroup"
        className="relative"
        style={{ height: virtual.getTotalSize(), minWidth: phone ? undefined : minWidth }}
      >
        {items.map((item) => {
          const row = shown[item.index] as Row
          const key = rowKey(row)
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles j, k, arrows and Enter for all its rows
            <div
              key={key}
              id={`${id}-${item.index}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 2}
              aria-selected={key === selected}
              onClick={() => {
                setCursor(item.index)
                open(item.index)
              }}
              className={cx(
                'absolute inset-x-0 border-b border-line px-3 text-sm',
                onOpen && 'cursor-pointer hover:bg-hover',
                item.index === cursor && 'bg-hover shadow-[inset_2px_0_0_var(--line-strong)]',
                key === selected && 'bg-accent-soft! shadow-[inset_2px_0_0_var(--accent)]',
                changed.has(key) && 'glow',
                rowClass?.(row),
              )}
              style={{ top: item.start, height: item.size }}
            >
              {phone ? (
                <PhoneRow row={row} columns={columns} />
              ) : (
                <WideRow row={row} columns={shownColumns} template={template} />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}
