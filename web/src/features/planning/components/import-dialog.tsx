import { FileUp, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { Money } from '../../../components/money.tsx'
import { Switch } from '../../../components/switch.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { plural } from '../../../lib/format.ts'
import { useArtifact } from '../api/artifacts.ts'
import { briefPath, useEventWrite } from '../api/briefs.ts'
import type { EventBrief } from '../types.ts'

type Problem = { row: number; field: string; message: string }
type Line = { category: string; item: string; quantity: number; unit_cost: number; total: number }
type GuestRow = { name: string; email: string; diet: string }
type Preview = {
  lines?: Line[]
  total?: number
  guests?: GuestRow[]
  head_count?: number
  problems: Problem[]
}

const WORDS = {
  budget: { title: 'Import a budget', columns: 'Category, Item, Quantity, Unit cost' },
  guests: { title: 'Import a guest list', columns: 'Name, Email, Diet' },
}

/** A table of a spreadsheet: first what was read and what is wrong with it, then, when wanted, into the plan. */
export function ImportButton({ brief, kind }: { brief: EventBrief; kind: 'budget' | 'guests' }) {
  const [open, setOpen] = useState(false)
  if (brief.lifecycle_state === 'Postmortem') return null
  return (
    <>
      <Button size="sm" icon={FileUp} onClick={() => setOpen(true)}>
        {WORDS[kind].title}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={WORDS[kind].title}
        describe={`CSV or XLSX with the columns ${WORDS[kind].columns}. Nothing is saved before you have seen it.`}
        wide
      >
        {open ? <ImportForm brief={brief} kind={kind} onDone={() => setOpen(false)} /> : null}
      </Dialog>
    </>
  )
}

function ImportForm({ brief, kind, onDone }: { brief: EventBrief; kind: 'budget' | 'guests'; onDone: () => void }) {
  const write = useEventWrite<{ id: string }>(brief.id)
  const [preview, setPreview] = useState<Preview>()
  const [error, setError] = useState<unknown>()
  const [reading, setReading] = useState(false)
  const [audience, setAudience] = useState(true)
  const read = async (file: File | undefined) => {
    setPreview(undefined)
    setError(undefined)
    if (!file) return
    setReading(true)
    const form = new FormData()
    form.append('file', file)
    try {
      setPreview(await api<Preview>(`${briefPath(brief.id)}/imports/${kind}`, { method: 'POST', body: form }))
    } catch (cause) {
      setError(cause)
    } finally {
      setReading(false)
    }
  }
  const rows = preview?.lines?.length ?? preview?.guests?.length ?? 0
  const apply = () =>
    write.mutate(
      {
        path: `/imports/${kind}/apply`,
        body: preview?.lines
          ? { lines: preview.lines.map(({ total: _total, ...line }) => line) }
          : { guests: preview?.guests, update_audience: audience },
      },
      {
        onSuccess: () => {
          toast({ tone: 'done', title: `${plural(rows, 'row')} imported` })
          onDone()
        },
      },
    )
  return (
    <div className="flex flex-col gap-4">
      <Field label="File" hint="At most 1 MiB. Formulas in cells become plain texts.">
        {(props) => (
          <input
            {...props}
            type="file"
            accept=".csv,.xlsx"
            className={`${INPUT} h-auto py-1`}
            disabled={reading}
            onChange={(event) => void read(event.target.files?.[0])}
          />
        )}
      </Field>
      {error ? <ErrorPanel error={error} title="The file was not read" /> : null}
      {preview ? (
        <>
          {preview.problems.length > 0 ? <Problems problems={preview.problems} /> : null}
          {preview.lines ? <Lines lines={preview.lines} total={preview.total ?? 0} /> : null}
          {preview.guests ? <Guests guests={preview.guests} /> : null}
          {preview.guests && preview.guests.length !== brief.audience_size ? (
            <Switch
              label={`Make it ${preview.guests.length} people instead of ${brief.audience_size}`}
              checked={audience}
              onChange={setAudience}
            />
          ) : null}
        </>
      ) : null}
      {write.error ? <ErrorPanel error={write.error} title="The rows were not imported" /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button look="primary" disabled={rows === 0} busy={write.isPending} onClick={apply}>
          {rows === 0 ? 'Import' : `Import ${plural(rows, 'row')}`}
        </Button>
      </div>
    </div>
  )
}

const Problems = ({ problems }: { problems: Problem[] }) => (
  <div role="status" className="rounded-md border border-waiting/50 bg-waiting-soft p-3 text-sm">
    <p className="font-medium">{plural(problems.length, 'row')} left out</p>
    <ul className="mt-1 max-h-28 overflow-y-auto text-xs" tabIndex={0} aria-label="Rows left out">
      {problems.map((one) => (
        <li key={`${one.row}${one.field}`}>
          Row {one.row}: {one.field.replace(/_/g, ' ')} {one.message}
        </li>
      ))}
    </ul>
  </div>
)

const HEAD = 'py-1.5 pr-3 font-medium'
function Lines({ lines, total }: { lines: Line[]; total: number }) {
  return (
    <div className="max-h-64 overflow-auto" role="region" aria-label="Cost lines of the file" tabIndex={0}>
      <table className="w-full min-w-[420px] text-sm">
        <thead className="text-left text-xs text-ink-3">
          <tr>
            <th className={HEAD}>Category</th>
            <th className={HEAD}>Item</th>
            <th className={`${HEAD} text-right`}>Quantity</th>
            <th className={`${HEAD} text-right`}>Each</th>
            <th className={`${HEAD} text-right`}>Total</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, i) => (
            <tr key={`${i}-${line.item}`} className="border-t border-line">
              <td className="py-1 pr-3">{line.category}</td>
              <td className="py-1 pr-3">{line.item}</td>
              <td className="tabular py-1 pr-3 text-right">{line.quantity}</td>
              <td className="tabular py-1 pr-3 text-right">{line.unit_cost.toFixed(2)}</td>
              <td className="tabular py-1 pr-3 text-right">{line.total.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line-strong font-medium">
            <td className="py-1.5" colSpan={4}>
              Total
            </td>
            <td className="tabular py-1.5 pr-3 text-right">
              <Money amount={total} />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

const Guests = ({ guests }: { guests: GuestRow[] }) => (
  <div className="max-h-64 overflow-auto" role="region" aria-label="Guests of the file" tabIndex={0}>
    <table className="w-full min-w-[320px] text-sm">
      <thead className="text-left text-xs text-ink-3">
        <tr>
          <th className={HEAD}>Name</th>
          <th className={HEAD}>E-mail</th>
          <th className={HEAD}>Diet</th>
        </tr>
      </thead>
      <tbody>
        {guests.slice(0, 200).map((guest, i) => (
          <tr key={`${i}-${guest.name}`} className="border-t border-line">
            <td className="py-1 pr-3">{guest.name}</td>
            <td className="py-1 pr-3 text-ink-2">{guest.email}</td>
            <td className="py-1 pr-3">{guest.diet}</td>
          </tr>
        ))}
      </tbody>
    </table>
    {guests.length > 200 ? <p className="py-1 text-xs text-ink-3">and {guests.length - 200} more</p> : null}
  </div>
)

/** The last import of a kind with the way back, while it has one. */
export function LastImport({ brief, kind }: { brief: EventBrief; kind: 'budget' | 'guests' }) {
  const imports = useArtifact(brief.id, 'imports')
  const write = useEventWrite(brief.id)
  const last = imports.data?.filter((one) => one.kind === kind).at(-1)
  if (!last || last.undone_at || brief.lifecycle_state === 'Postmortem') return null
  return (
    <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
      {plural(last.rows, 'row')} imported by {last.applied_by}
      <Button
        size="sm"
        look="quiet"
        icon={Undo2}
        busy={write.isPending}
        onClick={() =>
          write.mutate(
            { path: `/imports/${encodeURIComponent(last.id)}/undo`, body: {} },
            {
              onSuccess: () => toast({ tone: 'done', title: 'The import is taken back' }),
              onError: (error) => toastError('The import was not taken back', error),
            },
          )
        }
      >
        Undo
      </Button>
    </p>
  )
}
