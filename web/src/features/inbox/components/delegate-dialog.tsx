import { UserRoundPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import type { Handover } from '../api/decisions.ts'

const ROLES = ['Admin', 'Organizer', 'Approver', 'Finance', 'Auditor']

/** To whom a question goes: people by name, or everybody of a role, with a word why. */
export function DelegateDialog({
  count,
  busy,
  onClose,
  onSend,
}: {
  count: number
  busy: boolean
  onClose: () => void
  onSend: (to: Handover) => void
}) {
  const [people, setPeople] = useState('')
  const [roles, setRoles] = useState<string[]>([])
  const [note, setNote] = useState('')
  const users = people
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
  const ready = users.length + roles.length > 0
  return (
    <Dialog
      open
      onClose={onClose}
      title={count === 1 ? 'Hand this question on' : `Hand ${count} questions on`}
      describe="From then on only they may answer, and administrators."
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            look="primary"
            icon={UserRoundPlus}
            busy={busy}
            disabled={!ready}
            onClick={() => onSend({ users, roles, ...(note.trim() ? { note: note.trim() } : {}) })}
          >
            Hand on
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="People" hint="Names, mail addresses or ids, with commas between.">
          {(props) => (
            <input {...props} className={INPUT} value={people} onChange={(event) => setPeople(event.target.value)} />
          )}
        </Field>
        <fieldset>
          <legend className="mb-1 text-xs font-medium text-ink-2">Roles</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1.5">
            {ROLES.map((role) => (
              <label key={role} className="inline-flex items-center gap-1.5 text-sm">
                <input
                  type="checkbox"
                  className="accent-[var(--accent)]"
                  checked={roles.includes(role)}
                  onChange={() =>
                    setRoles(roles.includes(role) ? roles.filter((one) => one !== role) : [...roles, role])
                  }
                />
                {role}
              </label>
            ))}
          </div>
        </fieldset>
        <Field label="Note" hint="Stays with the question.">
          {(props) => (
            <textarea
              {...props}
              rows={2}
              className={TEXTAREA.replace('min-h-20', 'min-h-14')}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  )
}
