import { Download, ScrollText, ShieldCheck, Stamp } from 'lucide-react'
import { useMemo } from 'react'
import { download } from '../../api/client.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Tag } from '../../components/chip.tsx'
import { Diff } from '../../components/diff.tsx'
import { Drawer } from '../../components/drawer.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Id } from '../../components/id.tsx'
import { Facts } from '../../components/run-header.tsx'
import { Select } from '../../components/select.tsx'
import { Table } from '../../components/table.tsx'
import type { Column } from '../../components/table-rows.ts'
import { SearchBox } from '../../components/table-toolbar.tsx'
import { toast, toastError } from '../../components/toast.tsx'
import { useTableView } from '../../components/use-table-view.ts'
import { When } from '../../components/when.tsx'
import { WhyLink } from '../../components/why-link.tsx'
import { plural, toMs } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { type AuditReport, type AuditRow, useAudit, useAuditActions, useSeals } from './audit.ts'

const KINDS = [
  '',
  'task',
  'run',
  'decision',
  'brief',
  'approval',
  'workflow',
  'project',
  'simulation',
  'agent',
  'key',
  'webhook',
].map((value) => ({ value, label: value === '' ? 'Anything' : value.charAt(0).toUpperCase() + value.slice(1) }))

const columns: Column<AuditRow>[] = [
  { id: 'at', header: 'When', width: 100, cell: (r) => <When at={r.at} />, sort: (r) => toMs(r.at), phone: 'side' },
  {
    id: 'who',
    header: 'Who',
    width: 150,
    cell: (r) => r.actor_name,
    sort: (r) => r.actor_name,
    text: (r) => r.actor_name,
    phone: 'sub',
  },
  {
    id: 'key',
    header: 'Key',
    width: 110,
    cell: (r) => (r.key_id ? <Id value={r.key_id} short /> : <span className="text-ink-3">{r.actor_kind}</span>),
  },
  {
    id: 'action',
    header: 'Did',
    width: 260,
    grow: 2,
    cell: (r) => <span className="font-mono text-xs">{r.action}</span>,
    text: (r) => r.action,
    phone: 'title',
  },
  {
    id: 'target',
    header: 'To what',
    width: 180,
    grow: 1,
    cell: (r) => (r.target_id ? `${r.target_kind} ${r.target_id}` : '–'),
    text: (r) => r.target_id ?? undefined,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: 90,
    cell: (r) => (
      <span className={r.outcome < 400 ? 'text-done-ink' : 'text-failed-ink'}>
        {r.outcome < 400 ? 'done' : `refused ${r.outcome}`}
      </span>
    ),
    sort: (r) => r.outcome,
  },
]

/** Who did what with which key, before and after; sealed, verifiable, exportable. */
export default function AuditPage() {
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const query = useMemo(
    () => ({ q: url.q ?? '', target_kind: url.kind ?? '', target_id: url.target ?? '' }),
    [url.q, url.kind, url.target],
  )
  const audit = useAudit(query)
  const rows = useMemo(() => audit.data?.pages.flatMap((page) => page.rows) ?? [], [audit.data])
  const open = rows.find((row) => row.id === url.id)
  return (
    <div className="flex h-full">
      <Crumbs trail={[{ label: 'Audit' }]} />
      <div className="flex min-w-0 flex-1 flex-col bg-surface">
        <Seals />
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          <SearchBox value={url.q ?? ''} onChange={(q) => setUrl({ q }, true)} label="Who, what or which id" />
          <Select label="Target" value={url.kind ?? ''} onChange={(kind) => setUrl({ kind }, true)} options={KINDS} />
          <span className="tabular ml-auto text-xs text-ink-3" role="status">
            {plural(rows.length, 'row', undefined, audit.hasNextPage)}
          </span>
        </div>
        {audit.error ? (
          <div className="p-3">
            <ErrorPanel error={audit.error} title="The audit could not be read" onRetry={() => void audit.refetch()} />
          </div>
        ) : null}
        <div className="min-h-0 flex-1">
          <Table
            label="Audit"
            rows={rows}
            columns={columns}
            rowKey={(row) => row.id}
            view={view}
            onView={setView}
            selected={url.id}
            onOpen={(row) => setUrl({ id: row.id })}
            onEnd={() => audit.hasNextPage && !audit.isFetchingNextPage && void audit.fetchNextPage()}
            empty={
              audit.data ? (
                <Empty icon={ScrollText} title="No row fits">
                  Every change that a person or a program makes is recorded here.
                </Empty>
              ) : null
            }
          />
        </div>
      </div>
      {open ? (
        <Drawer label="Audit row" title={open.action} onClose={() => setUrl({ id: undefined })} width={520}>
          <RowDetail row={open} />
        </Drawer>
      ) : null}
    </div>
  )
}

function Seals() {
  const seals = useSeals()
  const { verify, seal } = useAuditActions()
  const last = seals.data?.[0]
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-3 py-2.5">
      <p className="min-w-0 flex-1 basis-64 text-sm">
        {last ? (
          <>
            <span className="font-medium">{plural(last.no, 'sealed batch', 'sealed batches')}</span>{' '}
            <span className="text-ink-2">
              · last <When at={last.sealed_at} /> · head <Id value={last.seal} short />
            </span>
          </>
        ) : (
          <span className="text-ink-2">Nothing is sealed yet: each hour’s rows are, when the hour is over.</span>
        )}
        {verify.data ? <Report report={verify.data} /> : null}
      </p>
      <Button size="sm" icon={ShieldCheck} busy={verify.isPending} onClick={() => verify.mutate()}>
        Verify the chain
      </Button>
      <Button
        size="sm"
        icon={Stamp}
        busy={seal.isPending}
        onClick={() =>
          seal.mutate(undefined, {
            onSuccess: (reply) =>
              toast({
                tone: 'done',
                title: reply.seal ? `Sealed ${plural(reply.seal.rows, 'row')}` : 'Everything is sealed',
              }),
            onError: (error) => toastError('Not sealed', error),
          })
        }
      >
        Seal now
      </Button>
      <Button
        size="sm"
        icon={Download}
        onClick={() =>
          void download('/v1/audit/export', 'audit.ndjson').catch((error) => toastError('Not exported', error))
        }
      >
        Export
      </Button>
    </div>
  )
}

function Report({ report }: { report: AuditReport }) {
  return (
    <span role="status" className={`block ${report.ok ? 'text-done-ink' : 'font-semibold text-failed-ink'}`}>
      {report.ok
        ? `The chain is whole: ${plural(report.seals, 'seal')} over ${plural(report.rows, 'row')}, ${report.unsealed} not sealed yet.`
        : `The chain is broken. ${report.problems.map(({ seal, problem }) => `Seal ${seal}: ${problem}`).join('; ')}`}
    </span>
  )
}

function RowDetail({ row }: { row: AuditRow }) {
  return (
    <div className="flex flex-col gap-4">
      <Facts
        facts={[
          { label: 'Who', value: row.actor_name },
          { label: 'With', value: row.key_id ? <Id value={row.key_id} /> : row.actor_kind },
          { label: 'When', value: <When at={row.at} /> },
          { label: 'Over', value: <Tag>{row.source}</Tag> },
          { label: 'Outcome', value: String(row.outcome) },
          ...(row.target_id ? [{ label: `The ${row.target_kind}`, value: <Id value={row.target_id} /> }] : []),
          { label: 'Correlation', value: <Id value={row.correlation_id} short /> },
        ]}
      />
      <WhyLink kind="audit" id={row.id} label="What came of it" />
      {row.before !== null || row.after !== null ? (
        <section>
          <h2 className="mb-1 text-xs font-medium text-ink-2">Before and after</h2>
          <Diff before={row.before ?? {}} after={row.after ?? {}} label="Before and after" />
        </section>
      ) : null}
    </div>
  )
}
