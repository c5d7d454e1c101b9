import { Chip, Tag } from '../../../components/chip.tsx'
import { Money } from '../../../components/money.tsx'
import { Select } from '../../../components/select.tsx'
import { When } from '../../../components/when.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { useArtifact } from '../api/artifacts.ts'
import { Write } from '../components/artifact-editor.tsx'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import type { ArtifactRef, ChangeEntry, DecisionEntry, EventBrief } from '../types.ts'

const words = (value: string) => value.replace(/_/g, ' ')
const kinds = (all: string, values: string[]) => [
  { value: '', label: all },
  ...[...new Set(values)].sort().map((value) => ({ value, label: words(value) })),
]

/** Every decision with its reasons and alternatives, and every change with its effect. */
export default function LogTab({ brief }: { brief: EventBrief }) {
  const decisions = useArtifact(brief.id, 'decisions')
  const changes = useArtifact(brief.id, 'changes')
  const [url, setUrl] = useUrlState()
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Part
        title="Decisions"
        actions={
          <>
            <Write brief={brief} type="DecisionLog" label="Record a decision" />
            <Select
              label="Kind of decision"
              value={url.decision ?? ''}
              onChange={(decision) => setUrl({ decision })}
              options={kinds(
                'Every kind',
                (decisions.data ?? []).map((one) => one.decision_type),
              )}
            />
          </>
        }
      >
        <div data-testid="decision-log">
          <Loaded query={decisions} what="The decisions" empty={<NotYet>Nothing is decided yet.</NotYet>}>
            {(rows) => (
              <ol className="flex flex-col">
                {rows
                  .filter((row) => !url.decision || row.decision_type === url.decision)
                  .map((row) => (
                    <DecisionRow key={row.id} row={row} />
                  ))}
              </ol>
            )}
          </Loaded>
        </div>
      </Part>
      <Part
        title="Changes"
        actions={
          <>
            <Write
              brief={brief}
              type="ChangeLog"
              label="Request a change"
              given={{ impacted_artifacts: [{ artifact_type: 'EventBrief', artifact_id: brief.id }] }}
            />
            <Select
              label="Kind of change"
              value={url.change ?? ''}
              onChange={(change) => setUrl({ change })}
              options={kinds(
                'Every kind',
                (changes.data ?? []).map((one) => one.change_type),
              )}
            />
          </>
        }
      >
        <Loaded query={changes} what="The changes" empty={<NotYet>Nothing has changed yet.</NotYet>}>
          {(rows) => (
            <ol className="flex flex-col">
              {rows
                .filter((row) => !url.change || row.change_type === url.change)
                .map((row) => (
                  <ChangeRow key={row.id} row={row} />
                ))}
            </ol>
          )}
        </Loaded>
      </Part>
    </div>
  )
}

const Touched = ({ refs }: { refs: ArtifactRef[] }) => (
  <span className="flex flex-wrap gap-1">
    {refs.map((ref) => (
      <Tag key={`${ref.artifact_id}${ref.field}`}>
        {ref.artifact_type}
        {ref.version ? ` v${ref.version}` : ''}
      </Tag>
    ))}
  </span>
)

function DecisionRow({ row }: { row: DecisionEntry }) {
  return (
    <li className="border-b border-line py-2.5 text-sm last:border-b-0">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 font-medium break-words">{row.description}</p>
        <When at={row.timestamp} className="text-xs text-ink-3" />
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-2 text-xs text-ink-3">
        <Tag>{words(row.decision_type)}</Tag>
        {row.owner}
        <WhyLink kind="entry" id={row.id} label="Causes" small about={`of: ${row.description}`} />
        {row.approvals.map((one) => (
          <Chip key={one.approver} status={one.status} word={`${one.status} by ${one.approver}`} />
        ))}
      </p>
      <details className="mt-1.5">
        <summary className="cursor-pointer text-xs font-medium text-accent-ink">Why?</summary>
        <p className="mt-1 max-w-[72ch] text-ink-2">{row.rationale}</p>
        {row.alternatives_considered.length > 0 ? (
          <table className="mt-2 w-full text-xs">
            <caption className="mb-1 text-left text-ink-3">What else was considered</caption>
            <tbody>
              {row.alternatives_considered.map((one) => (
                <tr key={one.option} className="border-t border-line align-top">
                  <th scope="row" className="py-1 pr-2 text-left font-medium">
                    {one.option}
                  </th>
                  <td className="tabular py-1 pr-2">{one.score ?? ''}</td>
                  <td className="py-1 pr-2 text-done-ink">{(one.pros ?? []).join(', ')}</td>
                  <td className="py-1 text-failed-ink">{(one.cons ?? []).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        <div className="mt-2">
          <Touched refs={row.impacted_artifacts ?? []} />
        </div>
      </details>
    </li>
  )
}

function ChangeRow({ row }: { row: ChangeEntry }) {
  return (
    <li className="border-b border-line py-2.5 text-sm last:border-b-0">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 font-medium break-words">{row.description}</p>
        {row.amount ? <Money amount={row.amount} signed /> : null}
        <When at={row.date} className="text-xs text-ink-3" />
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-2 text-xs text-ink-3">
        <Tag>{words(row.change_type)}</Tag>
        {row.initiated_by}
        <WhyLink kind="entry" id={row.id} label="Causes" small about={`of: ${row.description}`} />
        {row.approvals.map((one) => (
          <Chip
            key={`${one.approver}${one.status}`}
            status={one.status === 'pending' ? 'pending_approval' : one.status}
          />
        ))}
      </p>
      <details className="mt-1.5">
        <summary className="cursor-pointer text-xs font-medium text-accent-ink">Why?</summary>
        <p className="mt-1 mb-2 max-w-[72ch] text-ink-2">{row.impact}</p>
        <Touched refs={row.impacted_artifacts} />
      </details>
    </li>
  )
}
