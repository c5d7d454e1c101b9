import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { toast } from '../../../components/toast.tsx'
import { useEventWrite } from '../api/briefs.ts'
import type { EventBrief } from '../types.ts'
import { Part } from './loaded.tsx'

/** What somebody thought of the event; it becomes the satisfaction of the stakeholders. */
export function FeedbackPart({ brief }: { brief: EventBrief }) {
  const write = useEventWrite(brief.id)
  const [role, setRole] = useState('Guest')
  const [rating, setRating] = useState(5)
  const [comment, setComment] = useState('')
  if (brief.lifecycle_state !== 'Execute' && brief.lifecycle_state !== 'Postmortem') return null
  return (
    <Part title="Feedback">
      <form
        data-testid="feedback-form"
        className="grid items-end gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          write.mutate(
            {
              path: '/feedback',
              body: { respondent_role: role, rating, ...(comment.trim() ? { comment: comment.trim() } : {}) },
            },
            {
              onSuccess: () => {
                toast({ tone: 'done', title: 'Feedback recorded' })
                setComment('')
              },
            },
          )
        }}
      >
        <Field label="Who" required>
          {(props) => (
            <input
              {...props}
              required
              className={INPUT}
              value={role}
              onChange={(event) => setRole(event.target.value)}
            />
          )}
        </Field>
        <Field label="Rating">
          {(props) => (
            <select
              {...props}
              className={INPUT}
              value={rating}
              onChange={(event) => setRating(Number(event.target.value))}
            >
              {[5, 4, 3, 2, 1].map((one) => (
                <option key={one} value={one}>
                  {one} of 5
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Comment">
          {(props) => (
            <input {...props} className={INPUT} value={comment} onChange={(event) => setComment(event.target.value)} />
          )}
        </Field>
        <span className="flex justify-end">
          <Button type="submit" busy={write.isPending}>
            Record
          </Button>
        </span>
      </form>
      {write.error ? <ErrorPanel error={write.error} title="The feedback was not recorded" /> : null}
    </Part>
  )
}
