import { useMemo } from 'react'
import type { ShotRow } from '../../../../../src/movies/shots/schema.ts'
import type { Marks } from '../lib/shots.ts'
import { useMovieRead } from './movies.ts'

/** Takes and verdicts as the server keeps them, by frame; null where it keeps none. */
export function useShotRows(id: string): Map<string, ShotRow> | null {
  const { data } = useMovieRead<{ shots: ShotRow[] }>(id, 'shots')
  return useMemo(() => (data ? new Map(data.shots.map((row) => [row.frame_id, row])) : null), [data])
}

/** What was said about the present takes, in the words of the marks that go with a decision. */
export function judgedMarks(rows: Map<string, ShotRow> | null): Marks {
  const marks: Marks = {}
  for (const [id, row] of rows ?? []) {
    const take = row.takes.find((one) => one.current)
    if (!take?.verdict) continue
    marks[id] = {
      verdict: take.verdict === 'approved' ? 'approved' : 'redo',
      ...(take.note ? { note: take.note } : {}),
    }
  }
  return marks
}
