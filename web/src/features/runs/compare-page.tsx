import { Link } from '@tanstack/react-router'
import { Flag, GitCompare } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Chip } from '../../components/chip.tsx'
import { Change } from '../../components/diff.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { cx } from '../../lib/cx.ts'
import { plural } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { type ComparedRow, type RunView, type StepBrief, useComparison } from './api/runs.ts'

/** Two runs side by side, and the first place where they went apart. */
export default function ComparePage() {
  const [url] = useUrlState()
  const { data, error, refetch } = useComparison(url.left ?? '', url.right ?? '')
  return (
    <div role="region" aria-label="Compare runs" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2">
      <Crumbs trail={[{ label: 'Runs', to: '/runs' }, { label: 'Compare' }]} />
      <div className="mx-auto flex max-w-6xl flex-col gap-4 p-4 md:p-6">
        {!url.left || !url.right ? (
          <Empty icon={GitCompare} title="Choose two runs">
            Mark two rows in the list of runs, then press “Compare”.
          </Empty>
        ) : null}
        {error ? (
          <ErrorPanel error={error} title="The runs could not be compared" onRetry={() => void refetch()} />
        ) : null}
        {url.left && url.right && !data && !error ? <PageSkeleton /> : null}
        {data ? (
          <>
            <p role="status" className="flex items-center gap-2 text-sm">
              <Flag
                size={16}
                aria-hidden="true"
                className={data.first_divergence === null ? 'text-done' : 'text-waiting'}
              />
              {data.first_divergence === null
                ? 'Both went the same way.'
                : `They went apart at ${nameOf(data.rows[data.first_divergence]!)}.`}
              {data.shared_stages > 0 ? ` ${plural(data.shared_stages, 'stage')} before the fork are shared.` : ''}
            </p>
            <div className="panel overflow-x-auto">
              <table className="w-full min-w-[560px] text-sm">
                <thead>
                  <tr className="border-b border-line text-left align-top">
                    {[data.left, data.right].map((run, i) => (
                      <th key={`${run.id}${i ? 'r' : 'l'}`} scope="col" className="w-1/2 px-4 py-2 font-normal">
                        <Head run={run} />
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {data.rows.map((row, i) => (
                    <Row key={`${nameOf(row)}${i.toString()}`} row={row} first={i === data.first_divergence} />
                  ))}
                </tbody>
              </table>
            </div>
          </>
        ) : null}
      </div>
    </div>
  )
}

const plainStage = (stage: string) => stage.replace(/@\d+$/, '')
const nameOf = ({ left, right }: ComparedRow) => {
  const step = left ?? right
  return step ? (step.title ?? [plainStage(step.stage), step.step].filter(Boolean).join(' / ')) : 'a step'
}

function Head({ run }: { run: RunView }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Link to={`/runs/${run.id}` as never} className="font-semibold underline-offset-2 hover:underline">
        {run.title}
      </Link>
      <Chip status={run.status} />
      {run.limits['model'] ? <span className="font-mono text-xs text-ink-2">{String(run.limits['model'])}</span> : null}
    </span>
  )
}

function Row({ row, first }: { row: ComparedRow; first: boolean }) {
  return (
    <>
      {first ? (
        <tr>
          <td colSpan={2} className="bg-waiting-soft px-4 py-1 text-xs font-semibold text-waiting-ink">
            First divergence
          </td>
        </tr>
      ) : null}
      <tr className={cx('border-b border-line align-top', !row.same && 'bg-sunken')}>
        <td className="border-r border-line px-4 py-2">
          <Cell step={row.left} />
        </td>
        <td className="px-4 py-2">
          <Cell step={row.right} />
          {row.differs.length > 0 ? (
            <ul className="mt-1.5 flex flex-col gap-1">
              {row.differs.map((one) => (
                <li key={one.path} className="flex flex-wrap items-center gap-2 text-xs">
                  <span className="font-mono text-ink-2">{one.path}</span>
                  <Change before={one.left} after={one.right} />
                </li>
              ))}
            </ul>
          ) : null}
        </td>
      </tr>
    </>
  )
}

function Cell({ step }: { step: StepBrief | null }) {
  if (!step) return <span className="text-ink-3">not made</span>
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="tabular text-xs text-ink-3">#{step.stage_no}</span>
      <span className="font-medium">{step.title ?? plainStage(step.stage)}</span>
      {step.step && !step.title ? <span>{step.step}</span> : null}
      <Chip status={step.status} />
    </span>
  )
}
