import { ArrowLeft, Flame } from 'lucide-react'
import { Button } from '../../../components/button.tsx'
import { Tag } from '../../../components/chip.tsx'
import { DomainMark } from '../../../components/domain.tsx'
import { Id } from '../../../components/id.tsx'
import { Markdown } from '../../../components/markdown.tsx'
import { Facts } from '../../../components/run-header.tsx'
import { When } from '../../../components/when.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import type { Decision } from '../api/decisions.ts'
import { ifNobodyAnswers } from '../lib/queue.ts'
import { AnswerForm } from './answer-form.tsx'
import { EvidenceView } from './evidence-view.tsx'

/** One question: what is asked, what it holds up, until when, what happens if not, the evidence, and the answer. */
export function QuestionPanel({
  decision,
  onBack,
  onAnswered,
}: {
  decision: Decision
  onBack: (() => void) | undefined
  onAnswered: () => void
}) {
  const mayAnswer = decision.may_answer !== false
  return (
    <article aria-label={decision.title} className="slide-in flex min-w-0 flex-1 flex-col">
      <div
        role="region"
        aria-label="Question and evidence"
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4 md:p-6">
          {onBack ? (
            <Button look="quiet" size="sm" icon={ArrowLeft} className="self-start" onClick={onBack}>
              All questions
            </Button>
          ) : null}
          <header className="flex flex-col gap-2">
            <div className="flex flex-wrap items-center gap-2">
              <DomainMark domain={decision.domain} named />
              <Tag>{decision.type.replaceAll('_', ' ')}</Tag>
              <WhyLink kind="decision" id={decision.id} small />
              {decision.escalated_at ? (
                <span className="inline-flex items-center gap-1 text-xs font-medium text-failed-ink">
                  <Flame size={13} aria-hidden="true" /> escalated <When at={decision.escalated_at} />
                </span>
              ) : null}
            </div>
            <h2 className="text-xl font-semibold text-balance">{decision.title}</h2>
            <Markdown text={decision.prompt} />
          </header>
          <Facts
            facts={[
              ...(decision.blocks ? [{ label: 'Holds up', value: decision.blocks }] : []),
              {
                label: 'Asked',
                value: (
                  <span>
                    <When at={decision.created_at} /> by {decision.created_by}
                  </span>
                ),
              },
              { label: 'Due', value: decision.deadline ? <When at={decision.deadline} /> : 'no deadline' },
              { label: 'If nobody answers', value: ifNobodyAnswers(decision) },
              ...(decision.roles.length + decision.users.length > 0
                ? [{ label: 'May answer', value: [...decision.users, ...decision.roles].join(', ') }]
                : []),
              { label: 'Id', value: <Id value={decision.id} short /> },
            ]}
          />
          <Delegations decision={decision} />
          {decision.evidence.length > 0 ? (
            <div className="flex flex-col gap-3">
              {decision.evidence.map((evidence, i) => (
                <EvidenceView key={`${evidence.title}${i}`} evidence={evidence} />
              ))}
            </div>
          ) : null}
          {decision.kind === 'approve' || !mayAnswer ? null : (
            <AnswerForm decision={decision} onAnswered={onAnswered} />
          )}
          {mayAnswer ? null : (
            <p className="rounded-md bg-sunken px-3 py-2 text-sm text-ink-2">
              You may read this question; {[...decision.users, ...decision.roles].join(', ') || 'others'} may answer it.
            </p>
          )}
        </div>
      </div>
      {decision.kind === 'approve' && mayAnswer ? <AnswerForm decision={decision} onAnswered={onAnswered} /> : null}
    </article>
  )
}

type Delegation = { from: string; users: string[]; roles: string[]; note?: string; at: string }

/** Who handed this question on to whom, and why. */
function Delegations({ decision }: { decision: Decision }) {
  const list = Array.isArray(decision.data['delegations']) ? (decision.data['delegations'] as Delegation[]) : []
  if (list.length === 0) return null
  return (
    <ul aria-label="Handed on" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2 text-sm text-ink-2">
      {list.map((one) => (
        <li key={one.at}>
          {one.from} handed it on to {[...one.users, ...one.roles].join(', ')} <When at={one.at} />
          {one.note ? `: “${one.note}”` : ''}
        </li>
      ))}
    </ul>
  )
}
