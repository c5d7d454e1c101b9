import { ShieldQuestion } from 'lucide-react'
import { Button } from '../../../components/button.tsx'
import { labelOf, shownValue } from '../../../components/data-parts.ts'
import { toast, toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { useAnswerApproval, useApprovalOptions, useApprovals, useDecideApproval } from '../api/approvals.ts'
import { fileName } from '../lib/paths.ts'
import type { Approval } from '../types.ts'

/** Tool calls that wait for a person, on every tab; at the bottom, so that nothing moves under the pointer when one comes. */
export function ApprovalsBanner() {
  const { data } = useApprovals()
  const waiting = data?.approvals ?? []
  if (waiting.length === 0) return null
  return (
    <section
      aria-label="Waiting for approval"
      className="fade-in flex max-h-60 shrink-0 flex-col gap-px overflow-y-auto border-t border-waiting/50 bg-waiting-soft shadow-pop"
    >
      {waiting.map((approval) => (
        <ApprovalRow key={approval.id} approval={approval} />
      ))}
    </section>
  )
}

function ApprovalRow({ approval }: { approval: Approval }) {
  const decide = useDecideApproval()
  const answerAs = useAnswerApproval()
  const { data: options } = useApprovalOptions(approval.id)
  const forJob = options?.find(({ id }) => id === 'approve_job')
  const isBusy = decide.isPending || answerAs.isPending
  const answer = (decision: 'approve' | 'deny') =>
    decide.mutate(
      { id: approval.id, decision },
      {
        onSuccess: () =>
          toast({
            tone: 'done',
            title: decision === 'approve' ? `${approval.tool} approved` : `${approval.tool} denied`,
          }),
        onError: (error) => toastError('The answer was not taken', error),
      },
    )
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2 text-sm text-waiting-ink">
      <ShieldQuestion size={18} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1 basis-64">
        <strong className="font-semibold">{approval.agent_id}</strong> wants to use{' '}
        <code className="text-xs">{approval.tool}</code>{' '}
        <span className="break-words" title={JSON.stringify(approval.arguments)}>
          {summary(approval.arguments)}
        </span>{' '}
        · denied <When at={approval.expires_at} />
      </p>
      <Button size="sm" look="approve" busy={decide.isPending} onClick={() => answer('approve')}>
        Approve
      </Button>
      {forJob ? (
        <Button
          size="sm"
          disabled={isBusy}
          onClick={() =>
            answerAs.mutate(
              { id: approval.id, choice: forJob.id },
              {
                onSuccess: () => toast({ tone: 'done', title: `${forJob.label.replace(/^Approve/, 'Approved:')}` }),
                onError: (error) => toastError('The answer was not taken', error),
              },
            )
          }
        >
          {forJob.label}
        </Button>
      ) : null}
      <Button size="sm" look="danger" disabled={isBusy} onClick={() => answer('deny')}>
        Deny
      </Button>
    </div>
  )
}

function summary(value: Record<string, unknown>): string {
  const text = Object.entries(value)
    .map(([name, one]) => `${labelOf(name)} ${name === 'path' ? fileName(String(one)) : shownValue(one, name)}`)
    .join(' · ')
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
