import { Copy, Download } from 'lucide-react'
import { download } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { useArtifact } from '../api/artifacts.ts'
import { briefPath } from '../api/briefs.ts'
import type { EventBrief } from '../types.ts'
import { Part } from './loaded.tsx'

/** Files of the event for other programs, and the address calendars subscribe to. */
export function TakeWithYou({ brief }: { brief: EventBrief }) {
  const timeline = useArtifact(brief.id, 'timeline')
  const schedule = useArtifact(brief.id, 'schedule')
  const costs = useArtifact(brief.id, 'cost-model')
  const risks = useArtifact(brief.id, 'risks')
  const root = briefPath(brief.id)
  const files: [title: string, ready: boolean, path: string, name: string][] = [
    ['Plan (.md)', true, 'exports/plan.md', 'plan.md'],
    ['Run of show (.pdf)', Boolean(schedule.data), 'exports/run-of-show.pdf', 'run-of-show.pdf'],
    ['Budget (.xlsx)', Boolean(costs.data), 'exports/budget.xlsx', 'budget.xlsx'],
    ['Budget (.csv)', Boolean(costs.data), 'export/budget', 'budget.csv'],
    ['Timeline (.csv)', Boolean(timeline.data), 'export/timeline', 'timeline.csv'],
    ['Programme (.csv)', Boolean(schedule.data), 'export/schedule', 'schedule.csv'],
    ['Risks (.csv)', (risks.data?.length ?? 0) > 0, 'export/risks', 'risks.csv'],
    ['Calendar (.ics)', true, 'calendar.ics', 'calendar.ics'],
    ['Everything (.json)', true, 'export.json', 'everything.json'],
  ]
  const subscribe = `${window.location.origin}${root}/calendar.ics`
  const copy = () =>
    void navigator.clipboard
      .writeText(subscribe)
      .then(() => toast({ tone: 'done', title: 'Calendar address copied' }))
      .catch((error) => toastError('The address was not copied', error))
  return (
    <Part title="Take it with you">
      <div className="flex flex-wrap gap-2">
        {files.map(([title, ready, path, name]) => (
          <Button
            key={name}
            icon={Download}
            disabled={!ready}
            onClick={() =>
              void download(`${root}/${path}`, `${brief.id}-${name}`).catch((error) =>
                toastError(`${name} could not be made`, error),
              )
            }
          >
            {title}
          </Button>
        ))}
      </div>
      <p className="flex flex-wrap items-center gap-2 text-xs text-ink-2">
        Subscribe in a calendar:
        <code className="min-w-0 font-mono text-2xs break-all">{subscribe}</code>
        <Button size="sm" look="quiet" icon={Copy} aria-label="Copy the calendar address" onClick={copy} />
        <span className="w-full text-ink-3">
          Where sign-in is on, add <code className="font-mono">?api_key=</code> and a key that may only read.
        </span>
      </p>
    </Part>
  )
}
