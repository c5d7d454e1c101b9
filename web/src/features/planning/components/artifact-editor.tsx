import { Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { SchemaForm } from '../../../components/schema-form.tsx'
import { formIssues, withoutBlanks } from '../../../components/schema-form-rules.ts'
import { Skeleton } from '../../../components/skeleton.tsx'
import { toast } from '../../../components/toast.tsx'
import { useArtifact } from '../api/artifacts.ts'
import { useEventWrite } from '../api/briefs.ts'
import { type ArtifactKind, useArtifactKinds } from '../api/schemas.ts'
import { derive, type FormValue, formSchema, type Known, refsOf, startOf } from '../lib/artifact-forms.ts'
import type { EventBrief } from '../types.ts'

type Props = {
  brief: EventBrief
  type: string
  /** Words of the button, e.g. "Add a task". */
  label: string
  /** The artifact to revise; absent: a new one. */
  stored?: ({ id: string; version: number } & Record<string, any>) | null | undefined
  /** Values known already, e.g. the impacted artifacts of a change. */
  given?: FormValue
  quiet?: boolean
}

/** A button that opens the form of an artifact type: what agents write, people write with it. */
export function Write({ brief, type, label, stored, given, quiet = false }: Props) {
  const [open, setOpen] = useState(false)
  if (brief.lifecycle_state === 'Postmortem') return null
  return (
    <>
      <Button
        size="sm"
        {...(quiet ? { look: 'quiet' as const } : {})}
        icon={stored ? Pencil : Plus}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={label} wide>
        {open ? (
          <Editor brief={brief} type={type} stored={stored ?? null} given={given} onDone={() => setOpen(false)} />
        ) : null}
      </Dialog>
    </>
  )
}

type EditorProps = {
  brief: EventBrief
  type: string
  stored: ({ id: string; version: number } & Record<string, any>) | null
  given: FormValue | undefined
  onDone: () => void
}

function Editor(props: EditorProps) {
  const kinds = useArtifactKinds(true)
  const known = useKnown(props.brief)
  const kind = kinds.data?.find(({ artifact_type }) => artifact_type === props.type)
  if (kinds.error) return <ErrorPanel error={kinds.error} title="The form could not be read" />
  if (!kind || !known) return <Skeleton rows={5} height={28} />
  return <EditorForm {...props} kind={kind} known={known} />
}

/** Everything the form may name; undefined while it is being read. */
function useKnown(brief: EventBrief): Known | undefined {
  const { id } = brief
  const reads = {
    people: useArtifact(id, 'stakeholder-map'),
    timeline: useArtifact(id, 'timeline'),
    tasks: useArtifact(id, 'tasks'),
    venues: useArtifact(id, 'venue-shortlist'),
    leads: useArtifact(id, 'venue-leads'),
    roster: useArtifact(id, 'resource-roster'),
    schedule: useArtifact(id, 'schedule'),
    risks: useArtifact(id, 'risks'),
    contracts: useArtifact(id, 'vendor-contracts'),
    changes: useArtifact(id, 'changes'),
    baseline: useArtifact(id, 'budget-baseline'),
    costs: useArtifact(id, 'cost-model'),
    scorecard: useArtifact(id, 'venue-scorecard'),
  }
  if (Object.values(reads).some((read) => read.data === undefined && !read.error)) return undefined
  return {
    brief,
    people: reads.people.data?.stakeholders ?? [],
    tasks: reads.tasks.data ?? [],
    milestones: reads.timeline.data?.milestones ?? [],
    venues: reads.venues.data ?? [],
    leads: reads.leads.data ?? [],
    resources: reads.roster.data?.resources ?? [],
    sessions: reads.schedule.data?.sessions ?? [],
    risks: reads.risks.data ?? [],
    contracts: reads.contracts.data ?? [],
    changes: reads.changes.data ?? [],
    baseline: reads.baseline.data ?? null,
    costs: reads.costs.data ?? null,
    scorecard: reads.scorecard.data ?? null,
  }
}

function EditorForm({
  brief,
  type,
  stored,
  given,
  onDone,
  kind,
  known,
}: EditorProps & { kind: ArtifactKind; known: Known }) {
  const patching = stored !== null && kind.cardinality === 'many' && kind.patch_schema !== null
  const whole = (patching ? kind.patch_schema : kind.input_schema) ?? {}
  const schema = formSchema(type, whole)
  const [value, setValue] = useState<FormValue>(() =>
    derive(type, { ...startOf(type, whole, known, stored), ...given }),
  )
  const [tried, setTried] = useState(false)
  const write = useEventWrite(brief.id)
  const own = formIssues(schema, value)
  const refused = write.error ? asApiError(write.error).fields : []
  const issues = [...(tried ? own : []), ...refused]
  const submit = () => {
    setTried(true)
    if (own.length > 0) return
    const body = { ...given, ...withoutBlanks(whole, derive(type, value)) }
    const changed = patching
      ? Object.fromEntries(
          Object.entries(body).filter(([name, one]) => JSON.stringify(one) !== JSON.stringify(stored[name])),
        )
      : body
    if (patching && Object.keys(changed).length === 0) return onDone()
    write.mutate(
      {
        path: patching ? `/${kind.path}/${encodeURIComponent(stored.id)}` : `/${kind.path}`,
        method: patching ? 'PATCH' : 'POST',
        body: changed,
        ...(stored && (patching || kind.cardinality === 'one') ? { version: stored.version } : {}),
      },
      {
        onSuccess: () => {
          toast({ tone: 'done', title: `Saved: ${kind.title}` })
          onDone()
        },
      },
    )
  }
  return (
    <form
      noValidate
      data-testid={`form-${kind.path}`}
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <SchemaForm
        schema={schema}
        refs={refsOf(known, type, value)}
        issues={issues}
        value={value}
        onChange={(next) => setValue((before) => derive(type, next, before))}
      />
      {type === 'BudgetBaseline' ? <Sum rows={value.category_allocations} total={value.total_budget} /> : null}
      {write.error ? <ErrorPanel error={write.error} title="It was not saved" /> : null}
      {tried && own.length > 0 ? (
        <p role="alert" className="text-sm text-failed-ink">
          {own.length === 1 ? 'One field needs' : `${own.length} fields need`} another look.
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" busy={write.isPending}>
          {stored ? 'Save the changes' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

/** How far the allocations are from the total. */
function Sum({ rows, total }: { rows: { allocated?: number }[] | undefined; total: number | undefined }) {
  const sum = Math.round((rows ?? []).reduce((all, { allocated }) => all + (allocated ?? 0) * 100, 0)) / 100
  const rest = Math.round(((total ?? 0) - sum) * 100) / 100
  return (
    <p className={`tabular text-xs ${rest === 0 ? 'text-ink-3' : 'text-failed-ink'}`}>
      Allocated {sum.toFixed(2)}
      {rest === 0 ? ', all of the total' : rest > 0 ? `, ${rest.toFixed(2)} left` : `, ${(-rest).toFixed(2)} too much`}
    </p>
  )
}
