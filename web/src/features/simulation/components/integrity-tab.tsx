import { Chip } from '../../../components/chip.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { formatBytes, formatNumber } from '../../../lib/format.ts'
import { useIntegrity } from '../api/simulations.ts'
import type { SimDetail } from '../types.ts'

/** Whether the record of the run is whole, and what is wrong with it if not. */
export default function IntegrityTab({ sim }: { sim: SimDetail }) {
  const report = useIntegrity(sim.id, sim.status === 'running' ? sim.event_count : 0)
  return (
    <div
      role="region"
      aria-label="Integrity"
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2 md:p-6"
    >
      <div className="mx-auto flex max-w-4xl flex-col gap-5">
        {report.error ? (
          <ErrorPanel
            error={report.error}
            title="The files could not be checked"
            onRetry={() => void report.refetch()}
          />
        ) : null}
        {!report.data && !report.error ? <Skeleton rows={5} /> : null}
        {report.data ? (
          <>
            <section className="panel flex flex-col gap-3 p-4">
              <div>
                <Chip
                  status={report.data.ok ? 'ok' : 'failed'}
                  word={report.data.ok ? 'The record is whole' : 'The record has problems'}
                />
              </div>
              <Facts
                facts={[
                  { label: 'Dangling causes', value: formatNumber(report.data.dangling_causes.count) },
                  { label: 'Cycles', value: formatNumber(report.data.cycles.count) },
                  { label: 'Out of order', value: formatNumber(report.data.order_violations) },
                  { label: 'Dropped', value: formatNumber(report.data.dropped_total) },
                  { label: 'Lost', value: formatNumber(report.data.lost_total) },
                ]}
              />
            </section>
            <section className="panel overflow-x-auto" aria-label="Files" tabIndex={0}>
              <table className="w-full text-sm">
                <thead className="bg-sunken text-left text-xs text-ink-2">
                  <tr>
                    {['File', 'Size', 'Lines', 'Valid', 'Corrupted', 'Duplicates', 'Torn'].map((name) => (
                      <th key={name} scope="col" className="px-3 py-2 font-medium">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {report.data.files.map((file) => (
                    <tr key={file.name} className="tabular border-t border-line">
                      <td className="px-3 py-2 font-mono text-xs">{file.name}</td>
                      <td className="px-3 py-2">{formatBytes(file.bytes)}</td>
                      <td className="px-3 py-2">{formatNumber(file.lines)}</td>
                      <td className="px-3 py-2">{formatNumber(file.valid)}</td>
                      <td className="px-3 py-2">{formatNumber(file.corrupted)}</td>
                      <td className="px-3 py-2">{formatNumber(file.duplicates)}</td>
                      <td className="px-3 py-2">{file.torn ? 'yes' : 'no'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
            {report.data.problems.length > 0 ? (
              <section className="panel p-4">
                <h3 className="mb-2 font-semibold">Problems</h3>
                <ul className="flex flex-col gap-1 text-sm">
                  {report.data.problems.map((problem) => (
                    <li key={`${problem.file}${problem.offset}`}>
                      <span className="font-mono text-xs text-ink-2">
                        {problem.file}:{problem.line}
                      </span>{' '}
                      {problem.reason}
                    </li>
                  ))}
                </ul>
              </section>
            ) : null}
          </>
        ) : null}
      </div>
    </div>
  )
}
