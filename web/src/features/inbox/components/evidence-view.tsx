import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import type { Evidence } from '../../../../../src/kernel/decisions/schema.ts'
import { api } from '../../../api/client.ts'
import { AnswerView, RecordTable } from '../../../components/answer-view.tsx'
import { asTable, type TableData } from '../../../components/data-parts.ts'
import { Diff } from '../../../components/diff.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Markdown } from '../../../components/markdown.tsx'
import { Money } from '../../../components/money.tsx'
import { RemotePicture } from '../../../components/remote-picture.tsx'
import { safeHref } from '../../../components/safe-href.ts'
import { Skeleton } from '../../../components/skeleton.tsx'

/** What a person needs to see to decide, drawn by its kind. */
export function EvidenceView({ evidence }: { evidence: Evidence }) {
  const href = safeHref(evidence.href)
  return (
    <section className="panel p-3">
      <header className="mb-2 flex items-center justify-between gap-2">
        <h3 className="text-xs font-medium text-ink-2">{evidence.title}</h3>
        {href ? (
          <a
            href={href}
            className="inline-flex items-center gap-1 rounded text-xs text-accent-ink underline underline-offset-2"
          >
            Open <ExternalLink size={12} aria-hidden="true" />
          </a>
        ) : null}
      </header>
      {needsReading(evidence) ? (
        <ReadBody evidence={evidence} />
      ) : (
        <Body kind={evidence.kind} value={evidence.value} title={evidence.title} />
      )}
    </section>
  )
}

/** An artifact that is only named: its content is at its address. */
const needsReading = ({ kind, value, href }: Evidence): boolean =>
  kind === 'artifact' &&
  /^\/(api|v1)\//.test(href ?? '') &&
  isObject(value) &&
  Object.values(value).every((one) => typeof one !== 'object' || one === null)

/** Reads the artifact, so that nobody has to go elsewhere to see what is asked about. */
function ReadBody({ evidence }: { evidence: Evidence }) {
  const read = useQuery({
    queryKey: ['evidence', evidence.href],
    queryFn: () => api<unknown>(evidence.href ?? ''),
    staleTime: 60_000,
    retry: false,
  })
  if (read.error) return <Body kind={evidence.kind} value={evidence.value} title={evidence.title} />
  if (read.data === undefined) return <Skeleton rows={3} />
  const found = isObject(read.data) ? (read.data['content'] ?? read.data['data'] ?? read.data) : read.data
  return <Body kind="artifact" value={found} title={evidence.title} />
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

function Body({ kind, value, title }: { kind: Evidence['kind']; value: unknown; title: string }) {
  const parsed = typeof value === 'string' ? parseObject(value) : undefined
  if (parsed) return <AnswerView data={parsed} label={title} />
  if (kind === 'text') return <Markdown text={typeof value === 'string' ? value : JSON.stringify(value, null, 2)} />
  if (kind === 'diff' && isObject(value))
    return (
      <Diff
        before={value.before ?? value.old ?? value.from}
        after={value.after ?? value.new ?? value.to}
        label={title}
      />
    )
  if (kind === 'money') {
    const amount = isObject(value) ? Number(value.amount) : Number(value)
    return (
      <p className="text-xl font-semibold">
        <Money
          amount={amount}
          currency={isObject(value) && typeof value.currency === 'string' ? value.currency : 'USD'}
        />
      </p>
    )
  }
  if (kind === 'image') {
    const src = safeHref(isObject(value) ? String(value.url ?? value.src ?? '') : String(value))
    return src ? (
      <RemotePicture src={src} alt={title} className="max-h-96 rounded" />
    ) : (
      <p className="text-sm text-ink-2">The picture has no address that can be shown.</p>
    )
  }
  const table = readTable(value)
  if (table) return <RecordTable name="" table={table} label={title} />
  return isObject(value) ? (
    <AnswerView data={value} label={title} />
  ) : (
    <JsonView value={value} label={title} maxHeight={240} />
  )
}

/** JSON in a text, as tools' arguments often come. */
function parseObject(text: string): Json | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Records, or columns with rows of values, as a table. */
function readTable(value: unknown): TableData | undefined {
  if (!isObject(value)) return asTable(value)
  if (!Array.isArray(value.rows)) return undefined
  const columns = Array.isArray(value.columns) ? value.columns.map(String) : undefined
  if (columns && value.rows.every(Array.isArray))
    return {
      columns,
      rows: value.rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, (row as unknown[])[i]]))),
    }
  return asTable(value.rows)
}
