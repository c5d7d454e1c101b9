import { useState } from 'react'
import { AnswerView } from '../../../components/answer-view.tsx'
import { Button } from '../../../components/button.tsx'
import { Chip, Tag } from '../../../components/chip.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, TEXTAREA } from '../../../components/field.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { toast } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import type { useApprovals } from '../api/approvals.ts'
import { approvalEvidence, approvalTitle } from '../lib/approval-evidence.tsx'
import type { Approval } from '../types.ts'

type Props = {
  approval: Approval
  onClose: () => void
  decide: ReturnType<typeof useApprovals>['decide']
  initial?: 'approved' | 'rejected' | undefined
}

/** One approval with all its evidence: amounts, ranking or terms, what else it covers, until when. Asks once more before it is said. */
export function ApprovalModal({ approval, onClose, decide, initial }: Props) {
  const [comments, setComments] = useState('')
  const [verdict, setVerdict] = useState<'approved' | 'rejected' | undefined>(initial)
  const [tried, setTried] = useState(false)
  const { facts, texts, rest } = approvalEvidence(approval.details)
  const missing = verdict === 'rejected' && comments.trim() === ''
  const say = () => {
    setTried(true)
    if (!verdict || missing) return
    decide.mutate(
      { id: approval.approval_id, decision: verdict, ...(comments.trim() ? { comments: comments.trim() } : {}) },
      {
        onSuccess: () => {
          toast({
            tone: verdict === 'approved' ? 'done' : 'failed',
            title: verdict === 'approved' ? 'Approved: the team goes on' : 'Rejected: the team revises its proposal',
          })
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={approvalTitle(approval)}
      describe={`${approval.artifact_type}, version ${approval.artifact_version}`}
      footer={
        verdict ? (
          <>
            <Button disabled={decide.isPending} onClick={() => setVerdict(undefined)}>
              Not yet
            </Button>
            <Button look={verdict === 'approved' ? 'approve' : 'danger'} busy={decide.isPending} onClick={say}>
              {verdict === 'approved' ? 'Yes, approve' : 'Yes, reject'}
            </Button>
          </>
        ) : (
          <>
            <Button look="danger" onClick={() => setVerdict('rejected')}>
              Reject
            </Button>
            <Button look="approve" onClick={() => setVerdict('approved')}>
              Approve
            </Button>
          </>
        )
      }
    >
      <div data-testid="approval-modal" className="flex flex-col gap-4">
        <Facts
          facts={[
            ...facts,
            { label: 'Asked by', value: approval.requested_by },
            { label: 'Asked', value: <When at={approval.requested_at} /> },
            { label: 'Due', value: <When at={approval.due_at} /> },
          ]}
        />
        {approval.escalation_level > 0 ? (
          <p>
            <Chip status="escalated" word={`Escalated, level ${approval.escalation_level}`} />
          </p>
        ) : null}
        {approval.covers?.length > 0 ? (
          <p className="flex flex-wrap items-center gap-1.5 text-sm text-ink-2">
            Also decides
            {approval.covers.map((one) => (
              <Tag key={one.artifact_id}>
                {one.artifact_type} v{one.version}
              </Tag>
            ))}
          </p>
        ) : null}
        {texts.map((one) => (
          <div key={one.label}>
            <p className="text-2xs text-ink-3">{one.label}</p>
            <p className="max-w-[72ch] text-sm">{one.text}</p>
          </div>
        ))}
        {Object.keys(rest).length > 0 ? <AnswerView data={rest} label="Evidence" /> : null}
        <Field
          label={verdict === 'rejected' ? 'What should change' : 'Comment'}
          required={verdict === 'rejected'}
          error={tried && missing ? 'Say what should change; the team works from it.' : undefined}
        >
          {(props) => (
            <textarea
              {...props}
              className={TEXTAREA}
              maxLength={5000}
              value={comments}
              onChange={(event) => setComments(event.target.value)}
            />
          )}
        </Field>
        {verdict ? (
          <p role="status" className="text-sm font-medium">
            {verdict === 'approved'
              ? 'Approve this? It is recorded with your name and cannot be taken back.'
              : 'Reject this? The team proposes a revision.'}
          </p>
        ) : null}
        {decide.error ? <ErrorPanel error={decide.error} title="The answer was not taken" /> : null}
      </div>
    </Dialog>
  )
}
