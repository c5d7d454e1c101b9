import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { Tabs } from '../../../components/tabs.tsx'
import { toast } from '../../../components/toast.tsx'
import { uniqueKey } from '../../../lib/unique-key.ts'
import { useCreateBrief, useIntake } from '../api/briefs.ts'
import { type BriefForm, briefProblems, EMPTY_FORM, toBriefInput } from '../lib/brief-form.ts'
import { EVENT_TYPES } from '../types.ts'

const SAMPLE =
  'AI Summit: a conference in Berlin for 200 people on 14 November 2027, budget 50,000 EUR, vegetarian catering, step-free access.'

/** A new event: its facts in a form, or a sentence from which the team reads them and starts at once. */
export function NewEventDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [tab, setTab] = useState('form')
  return (
    <Dialog open={open} onClose={onClose} title="New event" wide>
      <Tabs
        label="Ways to begin"
        value={tab}
        onChange={setTab}
        items={[
          { id: 'form', label: 'Form', content: <NewEventForm onDone={onClose} /> },
          { id: 'text', label: 'In your own words', content: <IntakeForm onDone={onClose} /> },
        ]}
      />
    </Dialog>
  )
}

function NewEventForm({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate()
  const create = useCreateBrief()
  const [form, setForm] = useState<BriefForm>(EMPTY_FORM)
  const [tried, setTried] = useState(false)
  const [key] = useState(uniqueKey)
  const own = briefProblems(form)
  const refused = create.error ? asApiError(create.error).fields : []
  const error = (name: keyof BriefForm) =>
    (tried ? own[name] : undefined) ?? refused.find((issue) => issue.field === name)?.message
  const set = (name: keyof BriefForm) => (event: { target: { value: string } }) =>
    setForm({ ...form, [name]: event.target.value })
  const submit = () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    create.mutate(
      { input: toBriefInput(form), key },
      {
        onSuccess: (brief) => {
          toast({ tone: 'done', title: `${brief.title} created` })
          onDone()
          void navigate({ to: `/planning/${brief.id}` } as never)
        },
      },
    )
  }
  return (
    <form
      data-testid="event-form"
      noValidate
      className="grid gap-3 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Field label="Title" required error={error('title')} className="sm:col-span-2">
        {(props) => (
          <input {...props} name="title" className={INPUT} maxLength={200} value={form.title} onChange={set('title')} />
        )}
      </Field>
      <Field label="Starts" required error={error('date_range_start')}>
        {(props) => (
          <input
            {...props}
            name="date_range_start"
            type="datetime-local"
            className={INPUT}
            value={form.date_range_start}
            onChange={set('date_range_start')}
          />
        )}
      </Field>
      <Field label="Ends" required error={error('date_range_end')}>
        {(props) => (
          <input
            {...props}
            name="date_range_end"
            type="datetime-local"
            className={INPUT}
            value={form.date_range_end}
            onChange={set('date_range_end')}
          />
        )}
      </Field>
      <NumberField
        label="People"
        required
        error={error('audience_size')}
        name="audience_size"
        min={1}
        max={1_000_000}
        value={form.audience_size}
        onChange={set('audience_size')}
      />
      <Field label="Kind" required error={error('event_type')}>
        {(props) => (
          <select {...props} name="event_type" className={INPUT} value={form.event_type} onChange={set('event_type')}>
            {EVENT_TYPES.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Objectives" required error={error('objectives')} className="sm:col-span-2">
        {(props) => (
          <textarea
            {...props}
            name="objectives"
            className={TEXTAREA}
            value={form.objectives}
            onChange={set('objectives')}
          />
        )}
      </Field>
      <Field
        label="Constraints"
        hint="Budget and place are read from here, for example: budget 500 USD, Seattle."
        error={error('constraints')}
        className="sm:col-span-2"
      >
        {(props) => (
          <textarea
            {...props}
            name="constraints"
            className={TEXTAREA}
            value={form.constraints}
            onChange={set('constraints')}
          />
        )}
      </Field>
      {create.error && refused.length === 0 ? (
        <div className="sm:col-span-2">
          <ErrorPanel error={create.error} title="The event was not created" />
        </div>
      ) : null}
      <div className="flex justify-end gap-2 sm:col-span-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" busy={create.isPending}>
          Create event
        </Button>
      </div>
    </form>
  )
}

function IntakeForm({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate()
  const intake = useIntake()
  const [text, setText] = useState('')
  const [key] = useState(uniqueKey)
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        intake.mutate(
          { request: text, key },
          {
            onSuccess: (reply) => {
              toast({ tone: 'running', title: `${reply.event_brief.title}: the team has started` })
              onDone()
              void navigate({ to: `/planning/${reply.event_brief.id}` } as never)
            },
          },
        )
      }}
    >
      <Field
        label="What is to be organised?"
        hint="The team reads title, dates, people, place and budget, notes what it assumed, and asks at most one question."
        required
      >
        {(props) => (
          <textarea
            {...props}
            className={`${TEXTAREA} min-h-36`}
            maxLength={10_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button size="sm" look="quiet" onClick={() => setText(SAMPLE)}>
          Use the example
        </Button>
      </div>
      {intake.error ? <ErrorPanel error={intake.error} title="The team did not start" /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" busy={intake.isPending} disabled={text.trim() === ''}>
          Start planning
        </Button>
      </div>
    </form>
  )
}
