import { CheckCheck, Inbox } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Crumbs } from '../../app/crumbs.tsx'
import { DOMAIN_OPTIONS } from '../../components/domain.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Select } from '../../components/select.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { toast, toastError } from '../../components/toast.tsx'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { usePhone } from '../../lib/use-media.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useDecisions, useUndo } from './api/decisions.ts'
import { AnswersTable } from './components/answers-table.tsx'
import { BatchBar } from './components/batch-bar.tsx'
import { OnTheirWay } from './components/on-their-way.tsx'
import { QuestionList } from './components/question-list.tsx'
import { QuestionPanel } from './components/question-panel.tsx'
import { fitsTime } from './lib/batch.ts'
import { afterAnswer, sortQueue } from './lib/queue.ts'

/** Every question to people, from every domain: the queue at the left, the question with its evidence at the right. */
export default function InboxPage() {
  const [url, setUrl] = useUrlState()
  return (
    <div className="flex h-full flex-col">
      <Crumbs trail={[{ label: 'Inbox' }]} />
      <Tabs
        fill
        label="Inbox"
        value={url.tab ?? 'open'}
        onChange={(tab) => setUrl({ tab: tab === 'open' ? undefined : tab, id: undefined })}
        items={[
          { id: 'open', label: 'Waiting for you', content: <OpenQuestions /> },
          { id: 'answers', label: 'Past answers', content: <AnswersTable /> },
        ]}
      />
    </div>
  )
}

const TIMES = [
  { value: '', label: 'Any time' },
  { value: 'overdue', label: 'Overdue' },
  { value: 'today', label: 'Due within a day' },
  { value: 'escalated', label: 'Escalated' },
]
const KINDS = [
  { value: '', label: 'Any kind' },
  { value: 'approve', label: 'Approve' },
  { value: 'choose', label: 'Choose' },
  { value: 'answer', label: 'Answer' },
]

function OpenQuestions() {
  const phone = usePhone()
  const [url, setUrl] = useUrlState()
  const { data, error, refetch } = useDecisions('open')
  const queue = useMemo(
    () =>
      sortQueue(data ?? []).filter(
        (one) =>
          !one.staged &&
          (!url.domain || one.domain === url.domain) &&
          (!url.kind || one.kind === url.kind) &&
          fitsTime(one, url.due, Date.now()),
      ),
    [data, url.domain, url.kind, url.due],
  )
  const staged = (data ?? []).filter((one) => one.staged)
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const mark = (id: string) => {
    const next = new Set(marked)
    if (!next.delete(id)) next.add(id)
    setMarked(next)
  }
  const markedOnes = queue.filter((one) => marked.has(one.id))
  const undo = useUndo()
  const takeBack = (id: string) =>
    undo.mutate(id, {
      onSuccess: () => {
        toast({ tone: 'done', title: 'Taken back' })
        open(id)
      },
      onError: (problem) => toastError('It was too late to take it back', problem),
    })
  const ids = queue.map((one) => one.id)
  const chosen = queue.find((one) => one.id === url.id) ?? (phone ? undefined : queue[0])
  const open = (id: string | undefined) => setUrl({ id })
  const step = (by: number) => open(ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(chosen?.id ?? '') + by))])
  useHotkeys([
    { keys: 'j', does: 'Next question', run: () => step(1) },
    { keys: 'k', does: 'Previous question', run: () => step(-1) },
    { keys: 'n', does: 'Next question', run: () => step(1) },
    { keys: 'x', does: 'Mark for a batch', run: () => chosen && mark(chosen.id) },
    {
      keys: 'u',
      does: 'Take the last answer back',
      run: () => {
        const last = [...staged].sort((a, b) => ((a.staged_until ?? '') < (b.staged_until ?? '') ? 1 : -1))[0]
        if (last) takeBack(last.id)
      },
    },
  ])
  if (error && !data)
    return (
      <div className="p-5">
        <ErrorPanel error={error} title="The questions could not be read" onRetry={() => void refetch()} />
      </div>
    )
  if (!data)
    return (
      <div className="p-5">
        <Skeleton rows={6} height={44} />
      </div>
    )
  return (
    <div className="flex min-h-0 flex-1">
      {phone && chosen ? null : (
        <aside
          aria-label="Questions"
          className="flex w-full shrink-0 flex-col border-line bg-surface md:w-[23rem] md:border-r"
        >
          <div className="grid grid-cols-3 gap-1.5 border-b border-line p-2 text-xs">
            <Select
              label="Domain"
              value={url.domain ?? ''}
              onChange={(domain) => setUrl({ domain, id: undefined }, true)}
              options={DOMAIN_OPTIONS}
              className="min-w-0"
            />
            <Select
              label="Kind"
              value={url.kind ?? ''}
              onChange={(kind) => setUrl({ kind, id: undefined }, true)}
              options={KINDS}
              className="min-w-0"
            />
            <Select
              label="Due"
              value={url.due ?? ''}
              onChange={(due) => setUrl({ due, id: undefined }, true)}
              options={TIMES}
              className="min-w-0"
            />
          </div>
          {markedOnes.length > 0 ? <BatchBar marked={markedOnes} onDone={() => setMarked(new Set())} /> : null}
          {queue.length === 0 ? (
            <Empty
              icon={data.length === 0 ? CheckCheck : Inbox}
              title={data.length === 0 ? 'Nothing waits for you' : 'No question fits the filter'}
            >
              {data.length === 0 ? 'Agents ask here when a person must decide.' : 'Choose another domain or kind.'}
            </Empty>
          ) : (
            <QuestionList queue={queue} chosen={chosen?.id} marked={marked} onMark={mark} onOpen={open} />
          )}
          <OnTheirWay staged={staged} onUndo={takeBack} />
        </aside>
      )}
      {chosen ? (
        <QuestionPanel
          key={chosen.id}
          decision={chosen}
          onBack={phone ? () => open(undefined) : undefined}
          onAnswered={() => open(afterAnswer(ids, chosen.id))}
        />
      ) : phone ? null : (
        <div className="flex-1" />
      )}
    </div>
  )
}
