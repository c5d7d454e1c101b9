import { AnswerView } from '../../../components/answer-view.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { PageFrame } from '../../../components/page-frame.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { Tabs } from '../../../components/tabs.tsx'
import { formatBytes, formatDuration, formatNumber } from '../../../lib/format.ts'
import { saveText } from '../../../lib/save-text.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import type { Tried, TriedFile } from '../api/try-agent.ts'

/** What an agent made when it was tried: the output, the tools it used, its files, and the output as it is. */
export function TriedResult({ tried }: { tried: Tried }) {
  const [url, setUrl] = useUrlState()
  const output = (
    typeof tried.output === 'object' && tried.output !== null ? tried.output : { answer: tried.output }
  ) as Record<string, unknown>
  const { usage } = tried
  return (
    <section aria-label="What it made" className="panel flex flex-col gap-4 p-4" role="status">
      <Facts
        facts={[
          { label: 'Made by', value: tried.made_by === 'model' ? 'the model' : 'its craft, without a model' },
          { label: 'Took', value: formatDuration(tried.duration_ms) },
          {
            label: 'Tokens',
            value: usage ? `${formatNumber(usage.input_tokens)} in, ${formatNumber(usage.output_tokens)} out` : 'none',
          },
          {
            label: 'Cost',
            value: usage ? (usage.cost_usd === null ? 'price unknown' : `$${usage.cost_usd.toFixed(4)}`) : '$0',
          },
          { label: 'Tools used', value: tried.tools.length },
        ]}
      />
      {tried.notes.length > 0 ? (
        <ul className="list-disc pl-5 text-sm text-ink-2 marker:text-ink-3">
          {tried.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
      <Tabs
        label="Parts of what it made"
        value={url.part ?? 'output'}
        onChange={(part) => setUrl({ part }, true)}
        items={[
          { id: 'output', label: 'Output', content: <AnswerView data={plain(output)} label="Output" /> },
          { id: 'tools', label: 'Tools', count: tried.tools.length, content: <Tools tried={tried} /> },
          ...(tried.files.length > 0
            ? [
                {
                  id: 'files',
                  label: 'Files',
                  count: tried.files.length,
                  content: (
                    <ul className="flex flex-col gap-3">
                      {tried.files.map((file) => (
                        <FileRow key={file.path} file={file} />
                      ))}
                    </ul>
                  ),
                },
              ]
            : []),
          { id: 'raw', label: 'Raw', content: <JsonView value={tried.output} label="Output, raw" maxHeight={480} /> },
        ]}
      />
    </section>
  )
}

/** A task's output holds its answer in `data`; that is what people want to see first. */
function plain(output: Record<string, unknown>): Record<string, unknown> {
  const { data, summary, ...rest } = output
  if (typeof data !== 'object' || data === null) return output
  return {
    ...(summary ? { summary } : {}),
    ...(data as Record<string, unknown>),
    ...(rest.next_steps ? { next_steps: rest.next_steps } : {}),
  }
}

function Tools({ tried }: { tried: Tried }) {
  if (tried.tools.length === 0) return <p className="py-2 text-sm text-ink-3">It used no tool.</p>
  return (
    <ol className="flex flex-col">
      {tried.tools.map((tool, i) => (
        <li key={i} className="flex flex-wrap items-center gap-3 border-b border-line py-2 text-sm last:border-b-0">
          <Tag>{tool.name}</Tag>
          <span className="min-w-0 flex-1 truncate font-mono text-xs text-ink-2">
            {Object.values(tool.about).map(String).join(' ')}
          </span>
          <span className="tabular text-xs text-ink-3">{formatDuration(tool.duration_ms)}</span>
          <Chip status={tool.ok ? 'ok' : 'failed'} />
        </li>
      ))}
    </ol>
  )
}

function FileRow({ file }: { file: TriedFile }) {
  const name = file.path.split('/').at(-1) ?? file.path
  return (
    <li className="flex flex-col gap-2">
      <p className="flex items-center gap-3 text-sm">
        <span className="min-w-0 flex-1 truncate font-mono text-xs">{file.path}</span>
        <span className="tabular text-xs text-ink-3">{formatBytes(file.bytes)}</span>
        {file.text === null ? null : (
          <button
            type="button"
            className="rounded text-xs font-medium text-accent-ink underline underline-offset-2"
            onClick={() => saveText(name, file.text ?? '', 'text/plain')}
          >
            Keep a copy
          </button>
        )}
      </p>
      {file.text !== null && /\.html?$/i.test(name) ? <PageFrame title={name} name={name} html={file.text} /> : null}
    </li>
  )
}
