import { Check, UserRoundPlus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { plural } from '../../../lib/format.ts'
import { type Decision, type Handover, useBatch, useUndo } from '../api/decisions.ts'
import { commonOptions } from '../lib/batch.ts'
import { DelegateDialog } from './delegate-dialog.tsx'

/** What can be done with all marked questions at once: their common answers, or handing them on. */
export function BatchBar({ marked, onDone }: { marked: Decision[]; onDone: () => void }) {
  const batch = useBatch()
  const undo = useUndo()
  const [handing, setHanding] = useState(false)
  const ids = marked.map((one) => one.id)
  const send = (body: { answer: { choice: string } } | { delegate: Handover }, done: string) =>
    batch.mutate(
      { ids, ...body },
      {
        onSuccess: ({ results }) => {
          const fine = results.filter((one) => one.ok).map((one) => one.id)
          const refused = results.find((one) => !one.ok)
          toast({
            tone: refused ? 'failed' : 'done',
            title: `${done}: ${plural(fine.length, 'question')}`,
            ...(refused
              ? { detail: `${results.length - fine.length} refused: ${refused.message ?? refused.code}` }
              : {}),
            ...('answer' in body && fine.length > 0
              ? { action: { label: 'Undo all', run: () => void Promise.all(fine.map((id) => undo.mutateAsync(id))) } }
              : {}),
          })
          onDone()
        },
        onError: (error) => toastError('Nothing was answered', error),
      },
    )
  return (
    <div
      role="toolbar"
      aria-label={`${plural(marked.length, 'question')} marked`}
      className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-2 py-2"
    >
      <span className="tabular mr-auto text-xs font-medium">{marked.length} marked</span>
      {commonOptions(marked).map((option) => (
        <Confirm
          key={option.id}
          title={`${option.label}: ${plural(marked.length, 'question')}?`}
          action={option.label}
          danger={!option.yes}
          onConfirm={() => send({ answer: { choice: option.id } }, option.label)}
          trigger={(ask) => (
            <Button size="sm" look={option.yes ? 'approve' : 'secondary'} icon={option.yes ? Check : X} onClick={ask}>
              {option.label}
            </Button>
          )}
        >
          Each counts as an answer of its own, and can be taken back for a few seconds.
        </Confirm>
      ))}
      <Button size="sm" icon={UserRoundPlus} onClick={() => setHanding(true)}>
        Hand on
      </Button>
      <Button size="sm" look="quiet" onClick={onDone}>
        Clear
      </Button>
      {handing ? (
        <DelegateDialog
          count={marked.length}
          busy={batch.isPending}
          onClose={() => setHanding(false)}
          onSend={(to) => {
            setHanding(false)
            send({ delegate: to }, 'Handed on')
          }}
        />
      ) : null}
    </div>
  )
}
