import { Download } from 'lucide-react'
import type * as M from '../../../../../src/movies/schema.ts'
import { download } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { Chip } from '../../../components/chip.tsx'
import { toastError } from '../../../components/toast.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { formatBytes } from '../../../lib/format.ts'
import { type ExportRow, useMovieArtifact, useMovieRead, workflowPath } from '../api/movies.ts'
import { words } from '../lib/states.ts'

type Row = M.Deliverable & { format?: string; bytes?: number; url?: string; loss?: string[] }

/** What the production hands over: format, size, checksum, and what a format could not carry. */
export default function DeliverablesTab({ film }: { film: M.WorkflowResponse }) {
  const { data } = useMovieRead<Row[] | { deliverables: Row[] }>(film.workflow_id, 'deliverables')
  const exports = useMovieRead<{ exports: ExportRow[] }>(film.workflow_id, 'exports')
  const rows = (Array.isArray(data) ? data : data?.deliverables) ?? film.deliverables
  return (
    <div className="flex flex-col gap-4">
      <section aria-label="Deliverables" className="panel overflow-hidden">
        <h2 className="px-4 py-3 text-sm font-semibold">Deliverables</h2>
        {rows.length === 0 ? (
          <p className="px-4 pb-4 text-sm text-ink-3">They are listed when the production has started.</p>
        ) : null}
        <ul>
          {rows.map((row) => (
            <DeliverableRow key={row.name} film={film} row={row} />
          ))}
        </ul>
      </section>
      {(exports.data?.exports ?? []).length > 0 ? (
        <section aria-label="Other formats" className="panel overflow-hidden">
          <h2 className="px-4 py-3 text-sm font-semibold">Other formats</h2>
          <ul>
            {exports.data?.exports.map((one) => (
              <li key={one.format} className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-2 text-sm">
                <span className="min-w-0 flex-1">
                  {one.title}
                  <span className="ml-2 font-mono text-xs text-ink-3">{one.ending}</span>
                  {one.available && one.loss?.length === 0 ? (
                    <span className="block text-xs text-ink-3">Carries everything over</span>
                  ) : (
                    <Loss loss={one.loss} />
                  )}
                </span>
                <span className="tabular w-16 text-right text-xs text-ink-2">
                  {typeof one.bytes === 'number' ? formatBytes(one.bytes) : one.available ? '' : 'not yet'}
                </span>
                <Button
                  size="sm"
                  icon={Download}
                  disabled={!one.available}
                  onClick={() =>
                    void download(
                      `/api/v1${workflowPath(film.workflow_id)}/exports/${one.format}`,
                      one.name ?? `${film.title}${one.ending}`,
                    ).catch((error) => toastError(`${one.title} could not be made`, error))
                  }
                >
                  Download
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  )
}

const Loss = ({ loss }: { loss: string[] | undefined }) =>
  !loss || loss.length === 0 ? null : (
    <details className="text-xs text-ink-2">
      <summary className="cursor-pointer text-waiting-ink">
        {loss.length === 1 ? 'one thing is not carried over' : `${loss.length} things are not carried over`}
      </summary>
      <ul className="list-disc pl-5">
        {loss.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  )

function DeliverableRow({ film, row }: { film: M.WorkflowResponse; row: Row }) {
  const ready = row.status === 'ready'
  const { data } = useMovieArtifact(film.workflow_id, ready ? row.name : '', film.updated_at)
  const file = data?.file
  const size =
    row.bytes ?? file?.bytes ?? (data ? new TextEncoder().encode(JSON.stringify(data.content)).length : undefined)
  const format = row.format ?? file?.mime_type ?? (data ? 'application/json' : undefined)
  const address = file?.url ?? row.url ?? row.location
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2.5 text-sm">
      <span className="min-w-0 flex-1 basis-48">
        <span className="font-medium">{words(row.name)}</span>
        {row.checksum ? (
          <span className="block truncate font-mono text-2xs text-ink-3" title={row.checksum}>
            {row.checksum}
          </span>
        ) : null}
        <Loss loss={row.loss} />
      </span>
      <WhyLink kind="file" id={`${film.workflow_id}/${row.name}`} small about={words(row.name)} />
      <span className="font-mono text-xs text-ink-3">{format ?? ''}</span>
      <span className="tabular w-16 text-right text-xs text-ink-2">{size === undefined ? '' : formatBytes(size)}</span>
      <Chip status={row.status === 'missing' ? 'failed' : row.status} word={words(row.status)} />
      <Button
        size="sm"
        look="quiet"
        icon={Download}
        aria-label={`Download ${words(row.name)}`}
        disabled={!ready || !address?.startsWith('/')}
        onClick={() =>
          address &&
          void download(address, row.name + (address.match(/\.[a-z0-9]{2,5}$/i)?.[0] ?? '.json')).catch((error) =>
            toastError('The file could not be downloaded', error),
          )
        }
      />
    </li>
  )
}
