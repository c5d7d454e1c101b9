import { RotateCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { asApiError } from '../api/api-error.ts'
import { Button } from './button.tsx'
import { Id } from './id.tsx'

/** Why something failed, in the service's own words, with the code, the fields at fault and a way on. */
export function ErrorPanel({
  error,
  title,
  onRetry,
  children,
}: {
  error: unknown
  title?: string
  onRetry?: () => void
  children?: ReactNode
}) {
  const problem = asApiError(error)
  return (
    <div role="alert" className="rounded-md border border-failed/40 bg-failed-soft p-3 text-sm text-failed-ink">
      <div className="flex items-start gap-2.5">
        <TriangleAlert size={17} className="mt-0.5 shrink-0" aria-hidden="true" />
        <div className="min-w-0 flex-1">
          {title ? <p className="font-semibold">{title}</p> : null}
          <p className="break-words whitespace-pre-wrap">{problem.message}</p>
          {problem.fields.length > 0 ? (
            <ul className="mt-1.5 list-disc pl-4">
              {problem.fields.map((issue) => (
                <li key={`${issue.field}:${issue.message}`}>
                  {issue.field ? <code className="text-xs">{issue.field}</code> : null} {issue.message}
                </li>
              ))}
            </ul>
          ) : null}
          <div className="mt-2 flex flex-wrap items-center gap-2">
            {onRetry ? (
              <Button size="sm" icon={RotateCw} onClick={onRetry}>
                Try again
              </Button>
            ) : null}
            {children}
            {problem.code === 'CLIENT_ERROR' ? null : <code className="text-2xs">{problem.code}</code>}
            {problem.requestId ? <Id value={problem.requestId} short className="text-failed-ink" /> : null}
          </div>
        </div>
      </div>
    </div>
  )
}
