import { useCallback, useMemo } from 'react'
import { useUrlState } from '../lib/use-url-state.ts'
import type { TableView } from './table-rows.ts'

/** A table's sort, quick filter and columns as they stand in the address (`sort=-name`, `q=`, `cols=`). */
export function useTableView(initial: TableView = {}): [TableView, (view: TableView) => void] {
  const [url, setUrl] = useUrlState()
  const view = useMemo<TableView>(() => {
    const sort = url.sort ? { id: url.sort.replace(/^-/, ''), desc: url.sort.startsWith('-') } : initial.sort
    return { sort, q: url.q ?? '', hidden: url.cols ? url.cols.split('.') : (initial.hidden ?? []) }
  }, [url.sort, url.q, url.cols, initial.sort, initial.hidden])
  const set = useCallback(
    (next: TableView) =>
      setUrl(
        {
          sort: next.sort ? `${next.sort.desc ? '-' : ''}${next.sort.id}` : undefined,
          q: next.q,
          cols: next.hidden?.join('.'),
        },
        true,
      ),
    [setUrl],
  )
  return [view, set]
}
