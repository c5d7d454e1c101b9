import { GitCompare } from 'lucide-react'
import { Button } from '../../../components/button.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { plural } from '../../../lib/format.ts'
import { type RunVerb, type RunView, useBulk, verbsOf } from '../api/runs.ts'

const WORDS: Record<RunVerb, string> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel', retry: 'Retry' }

/** Pauses, resumes or cancels all chosen runs that are in a state for it. */
export function BulkActions({
  runs,
  onDone,
  onCompare,
}: {
  runs: RunView[]
  onDone: () => void
  onCompare: () => void
}) {
  const bulk = useBulk()
  const apply = (verb: RunVerb) =>
    bulk.mutate(
      { verb, ids: runs.map((run) => run.id) },
      {
        onSuccess: ({ done, results }) => {
          const refused = results.find((result) => !result.ok)
          toast({
            tone: done === 0 ? 'failed' : 'done',
            title: `${WORDS[verb]}: ${plural(done, 'run')}`,
            ...(refused ? { detail: `${results.length - done} refused: ${refused.message}` } : {}),
          })
          onDone()
        },
        onError: (error) => toastError('Nothing was changed', error),
      },
    )
  const can = (verb: RunVerb) => runs.some((run) => verbsOf(run).includes(verb))
  return (
    <span className="flex flex-wrap gap-2">
      {runs.length === 2 ? (
        <Button size="sm" look="primary" icon={GitCompare} onClick={onCompare}>
          Compare
        </Button>
      ) : null}
      {(['pause', 'resume', 'retry'] as const).map((verb) =>
        can(verb) ? (
          <Button key={verb} size="sm" busy={bulk.isPending} onClick={() => apply(verb)}>
            {WORDS[verb]} {runs.length}
          </Button>
        ) : null,
      )}
      <Confirm
        title={`Cancel ${plural(runs.length, 'run')}?`}
        action="Cancel runs"
        danger
        onConfirm={() => apply('cancel')}
        trigger={(ask) => (
          <Button size="sm" look="danger" onClick={ask}>
            Cancel {runs.length}
          </Button>
        )}
      >
        Cancelled runs cannot be continued.
      </Confirm>
    </span>
  )
}
