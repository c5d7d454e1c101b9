import type { IntegrityReport } from '../schema.ts'
import { findCycles } from './causality.ts'
import type { RunScan } from './run-scan.ts'

const SAMPLES = 20

/** Everything that is wrong with a run's event files, and whether anything is. `unfinished` is the active file's open line. */
export function integrityOf(scan: RunScan, unfinished: (file: string) => boolean): IntegrityReport {
  const { index } = scan
  const dangling = index.dangling()
  const cycles = findCycles(index)
  const report = {
    files: scan.files.map(({ name, bytes, lines, valid, corrupted, duplicates, tail }) => ({
      name,
      bytes,
      lines,
      valid,
      corrupted,
      duplicates,
      torn: tail !== 'none' || unfinished(name),
    })),
    problems: scan.problems,
    dangling_causes: {
      count: dangling.reduce((sum, [, effects]) => sum + effects.length, 0),
      samples: dangling
        .flatMap(([cause, effects]) => effects.map((effect) => ({ event_id: index.ids.get(effect), cause_id: cause })))
        .slice(0, SAMPLES),
    },
    cycles: {
      count: cycles.length,
      samples: cycles.slice(0, SAMPLES).map((knot) => knot.slice(0, 1000).map((position) => index.ids.get(position))),
    },
    order_violations: scan.orderViolations,
    dropped_total: index.highlights.dropped,
    lost_total: index.highlights.lost,
  }
  const counts = [scan.corrupted, scan.duplicates, report.dangling_causes.count, report.cycles.count]
  const ok = [...counts, report.order_violations, report.dropped_total, report.lost_total].every((count) => count === 0)
  return { ok, ...report }
}
