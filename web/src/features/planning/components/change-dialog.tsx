import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { Money } from '../../../components/money.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { toast } from '../../../components/toast.tsx'
import { formatNumber, plural } from '../../../lib/format.ts'
import { useArtifact } from '../api/artifacts.ts'
import { briefPath, useEventWrite } from '../api/briefs.ts'
import { changePreview, type Derived } from '../lib/change-preview.ts'
import { fromLocalInput, toLocalInput } from '../lib/dates.ts'
import type { EventBrief } from '../types.ts'

/** Another number of guests, other dates or another budget: first everything that would follow, then the proposal. */
export function ChangeDialog({ brief, open, onClose }: { brief: EventBrief; open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Change guests, dates or budget"
      describe="Nothing is saved until you propose or apply it."
      wide
    >
      <ChangeForm brief={brief} onClose={onClose} />
    </Dialog>
  )
}

function ChangeForm({ brief, onClose }: { brief: EventBrief; onClose: () => void }) {
  const baseline = useArtifact(brief.id, 'budget-baseline')
  const costs = useArtifact(brief.id, 'cost-model')
  const logistics = useArtifact(brief.id, 'logistics-plan')
  const schedule = useArtifact(brief.id, 'schedule')
  const timeline = useArtifact(brief.id, 'timeline')
  const venues = useArtifact(brief.id, 'venue-shortlist')
  const write = useEventWrite(brief.id)
  const [people, setPeople] = useState(String(brief.audience_size))
  const [start, setStart] = useState(toLocalInput(brief.date_range_start))
  const [end, setEnd] = useState(toLocalInput(brief.date_range_end))
  const [budget, setBudget] = useState<string | null>(null)
  const currency = baseline.data?.currency ?? 'USD'
  const shownBudget = budget ?? (baseline.data ? String(baseline.data.total_budget) : '')
  const input = {
    audience_size: Number(people),
    date_range_start: start === toLocalInput(brief.date_range_start) ? brief.date_range_start : fromLocalInput(start),
    date_range_end: end === toLocalInput(brief.date_range_end) ? brief.date_range_end : fromLocalInput(end),
    total_budget: shownBudget === '' ? null : Number(shownBudget),
  }
  const valid =
    Number.isInteger(input.audience_size) && input.audience_size >= 1 && input.date_range_end > input.date_range_start
  const known = {
    brief,
    baseline: baseline.data ?? null,
    costs: costs.data ?? null,
    logistics: logistics.data ?? null,
    schedule: schedule.data ?? null,
    timeline: timeline.data ?? null,
    venue: venues.data?.find((venue) => venue.status === 'selected'),
  }
  const rows = valid ? changePreview(known, input) : []
  const briefPatch = {
    ...(input.audience_size === brief.audience_size ? {} : { audience_size: input.audience_size }),
    ...(input.date_range_start === brief.date_range_start ? {} : { date_range_start: input.date_range_start }),
    ...(input.date_range_end === brief.date_range_end ? {} : { date_range_end: input.date_range_end }),
  }
  const amount = rows.find((row) => row.id === 'budget')?.cost
  const briefChanges = Object.keys(briefPatch).length > 0
  const propose = () =>
    write.mutate(
      {
        path: '/changes',
        body: {
          change_type: amount
            ? 'budget_adjustment'
            : input.date_range_start !== brief.date_range_start || input.date_range_end !== brief.date_range_end
              ? 'schedule_change'
              : 'scope_change',
          description: rows
            .slice(0, 6)
            .map((row) => `${row.label}: ${row.before ?? 'none'} → ${row.after ?? 'none'}`)
            .join('; '),
          impact:
            rows
              .filter((row) => row.problem)
              .map((row) => `${row.label}: ${row.problem}`)
              .join('; ') || `${rows.length} values change`,
          impacted_artifacts: [
            ...(briefChanges ? [{ artifact_type: 'EventBrief', artifact_id: brief.id, version: brief.version }] : []),
            ...(amount && baseline.data
              ? [{ artifact_type: 'BudgetBaseline', artifact_id: baseline.data.id, version: baseline.data.version }]
              : []),
          ],
          ...(amount ? { amount } : {}),
          requires_approval: true,
        },
      },
      {
        onSuccess: () => {
          toast({ tone: 'waiting', title: 'Proposed: the change waits for approval' })
          onClose()
        },
      },
    )
  const apply = async () => {
    try {
      if (briefChanges) await write.mutateAsync({ path: '', method: 'PATCH', body: briefPatch })
      if (amount && baseline.data && input.total_budget !== null)
        await write.mutateAsync({ path: '/budget-baseline', body: scaled(baseline.data, input.total_budget) })
      toast({ tone: 'done', title: 'The change is saved and logged' })
      onClose()
    } catch (error) {
      console.warn('The change was refused', error)
    }
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <NumberField label="Guests" min={1} value={people} onChange={(event) => setPeople(event.target.value)} />
        <NumberField
          label={`Total budget, ${currency}`}
          hint={baseline.data ? undefined : 'No budget is set yet.'}
          min={0.01}
          step={0.01}
          disabled={!baseline.data}
          value={shownBudget}
          onChange={(event) => setBudget(event.target.value)}
        />
        <Field label="Starts">
          {(props) => (
            <input
              {...props}
              type="datetime-local"
              className={INPUT}
              value={start}
              onChange={(event) => setStart(event.target.value)}
            />
          )}
        </Field>
        <Field label="Ends" error={valid || end > start ? undefined : 'The end must be after the start'}>
          {(props) => (
            <input
              {...props}
              type="datetime-local"
              className={INPUT}
              value={end}
              onChange={(event) => setEnd(event.target.value)}
            />
          )}
        </Field>
      </div>
      <PreviewTable rows={rows} currency={currency} />
      <Consequences
        brief={brief}
        patch={valid ? { ...briefPatch, ...(amount ? { total_budget: input.total_budget } : {}) } : {}}
      />
      {write.error ? <ErrorPanel error={write.error} title="The change was not taken" /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Leave it</Button>
        <Button disabled={rows.length === 0 || write.isPending} onClick={() => void apply()}>
          Apply now
        </Button>
        <Button look="primary" disabled={rows.length === 0} busy={write.isPending} onClick={propose}>
          Propose
        </Button>
      </div>
    </div>
  )
}

function scaled(
  baseline: { currency: string; category_allocations: { category: string; allocated: number; percentage: number }[] },
  total: number,
) {
  const rows = baseline.category_allocations.map((one) => ({
    ...one,
    allocated: Math.round(one.percentage * total * 100) / 100,
  }))
  const off = total - rows.reduce((sum, one) => sum + one.allocated, 0)
  if (rows[0]) rows[0].allocated = Math.round((rows[0].allocated + off) * 100) / 100
  return { total_budget: total, currency: baseline.currency, category_allocations: rows }
}

type Consequence = {
  changes: { artifact_type: string; field: string; from: unknown; to: unknown; why: string }[]
  re_approvals: { approval_type: string; artifact_id: string; why: string }[]
}
/** Already said by the table above, in other words. */
const SAID = new Set(['BudgetBaseline'])

/** What the server says would follow in the artifacts, and what people would have to approve again. */
function Consequences({ brief, patch }: { brief: EventBrief; patch: Record<string, unknown> }) {
  const { data } = useQuery({
    queryKey: ['planning', brief.id, 'change-preview', patch],
    enabled: Object.keys(patch).length > 0,
    placeholderData: (before) => before,
    queryFn: () => api<Consequence>(`${briefPath(brief.id)}/change-preview`, { method: 'POST', body: patch }),
  })
  if (!data || Object.keys(patch).length === 0) return null
  const text = (value: unknown) =>
    typeof value === 'boolean'
      ? value
        ? 'fits'
        : 'does not fit'
      : Array.isArray(value)
        ? value.join(', ')
        : String(value)
  const moved = data.changes.filter(({ artifact_type }) => !SAID.has(artifact_type))
  return (
    <div className="flex flex-col gap-3 text-sm">
      {data.re_approvals.length > 0 ? (
        <div role="status" className="rounded-md border border-waiting/50 bg-waiting-soft p-3">
          <p className="font-medium text-waiting-ink">To be approved again</p>
          <ul className="mt-1 flex flex-col gap-0.5 text-xs">
            {data.re_approvals.map((one) => (
              <li key={one.artifact_id}>{one.why}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {moved.length > 0 ? (
        <details open={moved.length < 6}>
          <summary className="cursor-pointer text-xs font-medium text-accent-ink">
            {plural(moved.length, 'further value')} in the plan
          </summary>
          <ul className="mt-1 flex max-h-48 flex-col overflow-y-auto text-xs" tabIndex={0} aria-label="Further values">
            {moved.map((one) => (
              <li key={`${one.artifact_type}${one.field}`} className="border-b border-line py-1">
                <span className="font-medium">{one.field.replace(/_/g, ' ')}</span>: {text(one.from)} → {text(one.to)}
                <span className="block text-ink-3">
                  {one.artifact_type}: {one.why}
                </span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  )
}

function PreviewTable({ rows, currency }: { rows: Derived[]; currency: string }) {
  if (rows.length === 0)
    return (
      <p className="rounded-md border border-dashed border-line-strong p-4 text-center text-sm text-ink-3">
        Change a value to see what would follow from it.
      </p>
    )
  const show = (value: Derived['before'], kind: Derived['kind']) =>
    value === null ? (
      '–'
    ) : kind === 'money' ? (
      <Money amount={Number(value)} currency={currency} />
    ) : kind === 'number' ? (
      formatNumber(Number(value))
    ) : (
      String(value)
    )
  return (
    <div className="overflow-x-auto" role="region" aria-label="What would change" tabIndex={0}>
      <table className="w-full text-sm">
        <thead className="text-left text-xs text-ink-3">
          <tr>
            <th className="py-1 pr-3 font-medium">What follows</th>
            <th className="py-1 pr-3 text-right font-medium">Now</th>
            <th className="py-1 pr-3 text-right font-medium">Then</th>
            <th className="py-1 text-right font-medium">Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="border-t border-line align-top">
              <th scope="row" className="py-1.5 pr-3 text-left font-medium">
                {row.label}
                {row.problem ? (
                  <span className="mt-0.5 flex items-center gap-1 text-xs font-normal text-failed-ink">
                    <TriangleAlert size={12} aria-hidden="true" />
                    {row.problem}
                  </span>
                ) : null}
              </th>
              <td className="tabular py-1.5 pr-3 text-right text-ink-2">{show(row.before, row.kind)}</td>
              <td className="tabular py-1.5 pr-3 text-right font-medium">{show(row.after, row.kind)}</td>
              <td className="py-1.5 text-right">
                {row.cost ? <Money amount={row.cost} currency={currency} signed /> : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
