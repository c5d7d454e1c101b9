import { Button } from '../../../components/button.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { plural } from '../../../lib/format.ts'
import { type RunVerb, type RunView, useRunVerb, verbsOf } from '../api/runs.ts'

const WORDS: Record<RunVerb, string> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel', retry: 'Retry' }

/** Pauses, resumes or cancels all chosen runs that are in a state for it. */
export function BulkActions({ runs, onDone }: { runs: RunView[]; onDone: () => void }) {
  const act = useRunVerb()
  const apply = async (verb: RunVerb) => {
    const fit = runs.filter((run) => verbsOf(run.status).includes(verb))
    const results = await Promise.allSettled(fit.map((run) => act.mutateAsync({ id: run.id, verb })))
    const refused = results.find((result) => result.status === 'rejected')
    if (refused)
      toastError(
        `${results.filter((result) => result.status === 'rejected').length} of ${fit.length} were refused`,
        refused.reason,
      )
    else
      toast({
        tone: 'done',
        title: `${WORDS[verb]}: ${plural(fit.length, 'run')}`,
        ...(fit.length < runs.length ? { detail: `${runs.length - fit.length} were not in a state for it` } : {}),
      })
    onDone()
  }
  return (
    <span className="flex gap-2">
      <Button size="sm" onClick={() => void apply('pause')}>
        Pause {runs.length}
      </Button>
      <Button size="sm" onClick={() => void apply('resume')}>
        Resume {runs.length}
      </Button>
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
