import { formatExact, toMs } from '../../../lib/format.ts'
import type { AgentLog } from '../types.ts'

const TONE = {
  DEBUG: 'text-ink-3',
  INFO: 'text-running-ink',
  WARN: 'text-waiting-ink',
  ERROR: 'text-failed-ink',
}

/** Log lines as they are read: time, level, who, what. Details open in place. */
export function LogLines({ logs }: { logs: AgentLog[] }) {
  return (
    <ol className="divide-y divide-line font-mono text-xs">
      {logs.map((log) => (
        <li key={log.id} className="flex flex-wrap gap-x-3 gap-y-0.5 px-3 py-1.5">
          <time dateTime={log.created_at} title={formatExact(toMs(log.created_at) ?? 0)} className="tabular text-ink-3">
            {log.created_at.slice(11, 23)}
          </time>
          <span className={`w-12 font-semibold ${TONE[log.log_level]}`}>{log.log_level}</span>
          <span className="w-24 truncate text-ink-2">{log.agent_id}</span>
          <span className="min-w-0 flex-1 basis-72 break-words">{log.message}</span>
          {log.metadata && Object.keys(log.metadata).length > 0 ? (
            <details className="basis-full pl-4 text-ink-2">
              <summary className="w-fit rounded text-2xs">details</summary>
              <pre className="mt-1 whitespace-pre-wrap break-all">{JSON.stringify(log.metadata, null, 2)}</pre>
            </details>
          ) : null}
        </li>
      ))}
    </ol>
  )
}
