import { Check, MessageSquare, PencilLine, UserRoundPlus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Choices } from '../../../components/choices.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, TEXTAREA } from '../../../components/field.tsx'
import { SchemaForm } from '../../../components/schema-form.tsx'
import { type FormSchema, formIssues, initialValue } from '../../../components/schema-form-rules.ts'
import { toast, toastError } from '../../../components/toast.tsx'
import { cx } from '../../../lib/cx.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { type AnswerInput, type Decision, UNDO_SECONDS, useAnswer, useDelegate, useUndo } from '../api/decisions.ts'
import { isYes, optionsOf } from '../lib/batch.ts'
import { DelegateDialog } from './delegate-dialog.tsx'

/** What would be done as proposed, where the question lets it be edited. */
function proposalOf(decision: Decision): Record<string, unknown> | undefined {
  const proposal = decision.data['proposal']
  return decision.kind === 'approve' && typeof proposal === 'object' && proposal !== null
    ? (proposal as Record<string, unknown>)
    : undefined
}

/** Where the answer is given: buttons, choices or a form, with room for a comment. */
export function AnswerForm({ decision, onAnswered }: { decision: Decision; onAnswered: () => void }) {
  const answer = useAnswer()
  const undo = useUndo()
  const delegate = useDelegate()
  const form = decision.form as FormSchema | null
  const [choice, setChoice] = useState<unknown>(() => decision.options.find((option) => option.recommended)?.id)
  const [value, setValue] = useState<Record<string, unknown>>(
    () => proposalOf(decision) ?? (form ? initialValue(form) : {}),
  )
  const [text, setText] = useState('')
  const [comment, setComment] = useState('')
  const [tried, setTried] = useState(false)
  const [confirming, setConfirming] = useState(false)
  const [commenting, setCommenting] = useState(false)
  const [editing, setEditing] = useState(false)
  const [handing, setHanding] = useState(false)
  const editable = decision.kind === 'approve' && form !== null && proposalOf(decision) !== undefined
  const issues = form ? formIssues(form, value) : []
  const send = (input: AnswerInput) =>
    answer.mutate(
      { id: decision.id, answer: { ...input, ...(comment.trim() ? { comment: comment.trim() } : {}) } },
      {
        onSuccess: () => {
          toast({
            tone: 'done',
            title: 'Answered',
            detail: `${decision.title} – takes effect in ${UNDO_SECONDS} s`,
            action: {
              label: 'Undo',
              run: () =>
                undo.mutate(decision.id, {
                  onSuccess: () => toast({ tone: 'done', title: 'Taken back', detail: decision.title }),
                  onError: (problem) => toastError('It was too late to take it back', problem),
                }),
            },
          })
          onAnswered()
        },
      },
    )
  const yes = optionsOf(decision).find((option) => isYes(option.id))
  const approveEdited = () => {
    setTried(true)
    if (yes && issues.length === 0) send({ choice: yes.id, value })
  }
  useHotkeys(decision.kind === 'approve' && yes ? [{ keys: 'a', does: yes.label, run: () => setConfirming(true) }] : [])
  const sendForm = () => {
    setTried(true)
    if (form ? issues.length === 0 : text.trim()) send({ value: form ? value : text.trim() })
  }
  const formRef = useRef<HTMLFormElement>(null)
  useHotkeys([
    { keys: 'd', does: 'Hand the question on', run: () => setHanding(true) },
    {
      keys: 'e',
      does: 'Edit the answer',
      run: () => {
        if (editable) setEditing(true)
        setCommenting(true)
        requestAnimationFrame(() => formRef.current?.querySelector<HTMLElement>('input, textarea, select')?.focus())
      },
    },
  ])
  const options = decision.options.map((option) => ({
    value: option.id,
    label: `${option.label}${option.recommended ? ' (recommended)' : ''}`,
    hint: option.description,
  }))
  return (
    <form
      ref={formRef}
      aria-label="Your answer"
      className={cx(
        'flex flex-col gap-4',
        decision.kind === 'approve'
          ? 'max-h-[60%] overflow-y-auto border-t border-line bg-surface px-4 py-3 shadow-pop md:px-6'
          : 'panel border-accent/40 p-4',
      )}
      onSubmit={(event) => {
        event.preventDefault()
        if (editing) approveEdited()
        else if (decision.kind === 'answer') sendForm()
        else if (decision.kind === 'choose' && choice) send({ choice: String(choice) })
      }}
    >
      {decision.kind === 'choose' ? (
        <Choices label="Choose one" required choices={options} value={choice} onChange={setChoice} />
      ) : null}
      {form && (decision.kind === 'answer' || editing) ? (
        <SchemaForm schema={form} value={value} onChange={setValue} issues={tried ? issues : []} />
      ) : null}
      {decision.kind === 'answer' && !form ? (
        <Field label="Answer" required error={tried && !text.trim() ? 'is needed' : undefined}>
          {(props) => (
            <textarea
              {...props}
              rows={4}
              className={TEXTAREA}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      {decision.kind !== 'approve' || commenting ? (
        <Field label="Comment" hint="Kept with the answer, so that others see why.">
          {(props) => (
            <textarea
              {...props}
              rows={2}
              className={TEXTAREA.replace('min-h-20', 'min-h-14')}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      {answer.error ? <Refused error={answer.error} onNext={onAnswered} /> : null}
      <div className="flex flex-wrap gap-2">
        {editing ? (
          <>
            <Button type="submit" look="approve" size="lg" icon={Check} busy={answer.isPending}>
              {yes?.label ?? 'Approve'} with these edits
            </Button>
            <Button size="lg" onClick={() => setEditing(false)}>
              As proposed
            </Button>
          </>
        ) : decision.kind === 'approve' ? (
          optionsOf(decision)
            .map((option) => (
              <Button
                key={option.id}
                look={isYes(option.id) ? 'approve' : 'secondary'}
                size="lg"
                icon={isYes(option.id) ? Check : X}
                busy={answer.isPending}
                title={option.description}
                onClick={() => send({ choice: option.id })}
              >
                {option.label}
              </Button>
            ))
            .concat(
              <Button
                key="comment"
                look="quiet"
                size="lg"
                icon={MessageSquare}
                aria-expanded={commenting}
                onClick={() => setCommenting(!commenting)}
              >
                Comment
              </Button>,
            )
            .concat(
              editable
                ? [
                    <Button key="edit" look="quiet" size="lg" icon={PencilLine} onClick={() => setEditing(true)}>
                      Edit, then approve
                    </Button>,
                  ]
                : [],
            )
        ) : (
          <Button
            type="submit"
            look="primary"
            size="lg"
            icon={Check}
            busy={answer.isPending}
            disabled={decision.kind === 'choose' && !choice}
          >
            Send answer
          </Button>
        )}
        <Button look="quiet" size="lg" icon={UserRoundPlus} onClick={() => setHanding(true)}>
          Hand on
        </Button>
      </div>
      {handing ? (
        <DelegateDialog
          count={1}
          busy={delegate.isPending}
          onClose={() => setHanding(false)}
          onSend={(to) =>
            delegate.mutate(
              { id: decision.id, to },
              {
                onSuccess: () => {
                  toast({ tone: 'done', title: `Handed on to ${[...to.users, ...to.roles].join(', ')}` })
                  onAnswered()
                },
                onError: (problem) => toastError('The question was not handed on', problem),
                onSettled: () => setHanding(false),
              },
            )
          }
        />
      ) : null}
      <Dialog
        open={confirming}
        onClose={() => setConfirming(false)}
        title={`${yes?.label ?? 'Approve'}?`}
        footer={
          <>
            <Button onClick={() => setConfirming(false)}>Not yet</Button>
            <Button
              look="approve"
              onClick={() => {
                setConfirming(false)
                if (yes) send({ choice: yes.id })
              }}
            >
              {yes?.label}
            </Button>
          </>
        }
      >
        <p className="text-sm text-ink-2">{decision.title}</p>
      </Dialog>
    </form>
  )
}

function Refused({ error, onNext }: { error: unknown; onNext: () => void }) {
  const problem = asApiError(error)
  const late = problem.status === 409
  return (
    <ErrorPanel error={error} title={late ? 'Somebody was quicker' : 'The answer was not taken'}>
      {late ? (
        <Button size="sm" onClick={onNext}>
          Next question
        </Button>
      ) : null}
    </ErrorPanel>
  )
}
