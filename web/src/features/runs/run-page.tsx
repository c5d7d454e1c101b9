import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Ban, Download, GitFork, Pause, Play, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { ApiError } from '../../api/api-error.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { AnswerView } from '../../components/answer-view.tsx'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { DomainMark } from '../../components/domain.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Id } from '../../components/id.tsx'
import { JsonView } from '../../components/json-view.tsx'
import { Money } from '../../components/money.tsx'
import { type RunFact, RunHeader } from '../../components/run-header.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { toastError } from '../../components/toast.tsx'
import { Elapsed, When } from '../../components/when.tsx'
import { WhyLink } from '../../components/why-link.tsx'
import { toMs } from '../../lib/format.ts'
import { saveText } from '../../lib/save-text.ts'
import { isFinal, stateLook } from '../../lib/states.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { LazyGraph } from '../../viewers/graph-lazy.tsx'
import { Timeline } from '../../viewers/timeline.tsx'
import {
  type RunCost,
  type RunStep,
  type RunVerb,
  type RunView,
  useRun,
  useRunCost,
  useRunSteps,
  useRunVerb,
  verbsOf,
} from './api/runs.ts'
import { ForkDialog } from './components/fork-dialog.tsx'
import { RunEvents } from './components/run-events.tsx'
import { RunSteps } from './components/run-steps.tsx'
import { percentOf } from './lib/percent.ts'
import { runGraph, runTimeline } from './lib/run-drawings.ts'

/** One run: head, graph, timeline, steps, events, result. */
export default function RunPage() {
  const { runId = '' } = useParams({ strict: false }) as { runId?: string }
  const run = useRun(runId)
  const trail = [{ label: 'Runs', to: '/runs' }, { label: run.data?.title ?? runId }]
  return (
    <div role="region" aria-label="Run" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2">
      <Crumbs trail={trail} />
      {run.error && !run.data ? (
        <div className="p-5">
          <ErrorPanel error={run.error} title="The run could not be read" onRetry={() => void run.refetch()} />
        </div>
      ) : null}
      {run.data ? <Run run={run.data} /> : run.error ? null : <PageSkeleton />}
    </div>
  )
}

function Run({ run }: { run: RunView }) {
  const [url, setUrl] = useUrlState()
  const steps = useRunSteps(run.id, !isFinal(run.status))
  const cost = useRunCost(run.id)
  const list = steps.data ?? []
  const graph = runGraph(run, list)
  const timeline = runTimeline(run, list)
  const range = readRange(url.range)
  const why = (step: RunStep) => {
    const from = (toMs(step.started_at) ?? 0) - 500
    setUrl({ view: 'events', range: `${from}-${(toMs(step.finished_at) ?? Date.now()) + 500}` })
  }
  const openStep = (id: string) =>
    setUrl(id.startsWith('stage:') || !id.includes(':') ? { view: 'steps' } : { view: 'steps', step: id })
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-4 p-4 md:p-6">
      <RunHeader
        title={run.title}
        status={run.status}
        total={100}
        progressLabel={`${percentOf(run.progress)} %`}
        parts={[{ tone: stateLook(run.status).tone, value: percentOf(run.progress) }]}
        facts={facts(run, cost.data)}
        actions={<RunActions run={run} steps={list} />}
      />
      {run.error ? (
        <ErrorPanel
          title="The run failed"
          error={new ApiError(0, run.error.code, run.error.message, { details: run.error.details ?? {} })}
        />
      ) : null}
      {run.waiting_on ? (
        <p className="flex flex-wrap items-center gap-3 rounded-md border border-waiting/50 bg-waiting-soft px-3 py-2 text-sm text-waiting-ink">
          <span>Waits for {run.waiting_on}</span>
          {run.waiting_decision ? (
            <Link
              to={'/inbox' as never}
              search={{ id: run.waiting_decision } as never}
              className="font-medium underline underline-offset-2"
            >
              Answer in the inbox
            </Link>
          ) : null}
        </p>
      ) : null}
      {steps.error ? (
        <ErrorPanel error={steps.error} title="The steps could not be read" onRetry={() => void steps.refetch()} />
      ) : null}
      <Tabs
        label="Run"
        value={url.view ?? 'graph'}
        onChange={(view) => setUrl({ view }, true)}
        items={[
          {
            id: 'graph',
            label: 'Graph',
            content: (
              <div className="panel h-[460px] overflow-hidden">
                <LazyGraph label="The path of this run" {...graph} selected={url.step} onSelect={openStep} />
              </div>
            ),
          },
          {
            id: 'timeline',
            label: 'Timeline',
            content: (
              <div className="flex flex-col gap-3">
                <div className="panel p-3">
                  {timeline.bars.length > 0 ? (
                    <Timeline
                      label="Who worked when"
                      {...timeline}
                      onSelect={openStep}
                      selected={url.step}
                      range={range}
                      onRange={(next) => setUrl({ range: next ? next.map(Math.round).join('-') : undefined }, true)}
                    />
                  ) : (
                    <p className="p-4 text-sm text-ink-2">Nothing has started yet.</p>
                  )}
                </div>
                <p className="text-xs text-ink-3">Drag over the drawing to see only the events of that time.</p>
              </div>
            ),
          },
          {
            id: 'steps',
            label: 'Steps',
            count: list.length,
            content: (
              <RunSteps run={run} steps={list} chosen={url.step} onChoose={(step) => setUrl({ step })} onWhy={why} />
            ),
          },
          { id: 'events', label: 'Events', content: <RunEvents runId={run.id} range={range} /> },
          { id: 'result', label: 'Result', content: <Result run={run} /> },
        ]}
      />
    </div>
  )
}

function readRange(text: string | undefined): [number, number] | undefined {
  const [from, to] = (text ?? '').split('-').map(Number)
  return from && to ? [from, to] : undefined
}

function facts(run: RunView, cost: RunCost | undefined): RunFact[] {
  return [
    { label: 'Run id', value: <Id value={run.id} /> },
    { label: 'Domain', value: <DomainMark domain={run.domain} named /> },
    { label: 'Stage', value: run.stage.replace(/@\d+$/, '') },
    { label: 'Elapsed', value: <Elapsed from={run.started_at ?? run.created_at} to={run.finished_at} /> },
    ...(cost ? [{ label: 'Spent', value: <Cost cost={cost} /> }] : []),
    ...(run.limits['model'] ? [{ label: 'Model', value: String(run.limits['model']) }] : []),
    { label: 'Owner', value: run.owner },
    { label: 'Created', value: <When at={run.created_at} /> },
    { label: 'Because', value: <WhyLink kind="run" id={run.id} /> },
    ...(run.screen
      ? [
          {
            label: 'Its work',
            value: (
              <Link to={run.screen as never} className="font-medium text-accent-ink underline underline-offset-2">
                open it
              </Link>
            ),
          },
        ]
      : []),
    ...(run.forked_from
      ? [
          {
            label: 'Forked from',
            value: (
              <Link
                to={'/runs/compare' as never}
                search={{ left: run.forked_from, right: run.id } as never}
                className="font-medium text-accent-ink underline underline-offset-2"
              >
                compare with it
              </Link>
            ),
          },
        ]
      : []),
  ]
}

/** Spent, of what it could have been, of what it may be. */
function Cost({ cost }: { cost: RunCost }) {
  if (cost.calls === 0) return <span className="text-ink-2">nothing: no model was asked</span>
  return (
    <span className="tabular">
      <Money amount={cost.spent_usd} />
      <span className="text-ink-2">
        {cost.estimated_usd === null ? '' : ` · at most $${cost.estimated_usd.toFixed(2)} was expected`}
        {cost.capped_usd === null ? '' : ` · capped at $${cost.capped_usd.toFixed(2)}`}
        {` · ${cost.spent_tokens.toLocaleString('en')} tokens`}
        {cost.capped_tokens === null ? '' : ` of ${cost.capped_tokens.toLocaleString('en')}`}
      </span>
    </span>
  )
}

const DONE: Record<RunVerb, string> = { pause: 'paused', resume: 'resumed', cancel: 'cancelled', retry: 'retried' }

function RunActions({ run, steps }: { run: RunView; steps: RunStep[] }) {
  const act = useRunVerb()
  const navigate = useNavigate()
  const [forking, setForking] = useState(false)
  const verbs = verbsOf(run)
  const go = (verb: RunVerb) =>
    act.mutate(
      { id: run.id, verb },
      {
        // Some work goes on in a run of its own.
        onSuccess: (now) => now.id !== run.id && void navigate({ to: `/runs/${now.id}` } as never),
        onError: (error) => toastError(`The run was not ${DONE[verb]}`, error),
      },
    )
  return (
    <>
      <Button
        look="quiet"
        icon={Download}
        onClick={() => saveText(`${run.id}.json`, JSON.stringify({ run, steps }, null, 2))}
      >
        Export
      </Button>
      <Button icon={GitFork} onClick={() => setForking(true)}>
        Fork
      </Button>
      {forking ? <ForkDialog run={run} onClose={() => setForking(false)} /> : null}
      {verbs.includes('pause') ? (
        <Button icon={Pause} busy={act.isPending} onClick={() => go('pause')}>
          Pause
        </Button>
      ) : null}
      {verbs.includes('retry') ? (
        <Button look="primary" icon={RotateCcw} busy={act.isPending} onClick={() => go('retry')}>
          Go on at the failed stage
        </Button>
      ) : null}
      {verbs.includes('resume') ? (
        <Button look="primary" icon={Play} busy={act.isPending} onClick={() => go('resume')}>
          Resume
        </Button>
      ) : null}
      {verbs.includes('cancel') ? (
        <Confirm
          title="Cancel this run?"
          action="Cancel run"
          danger
          onConfirm={() => go('cancel')}
          trigger={(ask) => (
            <Button look="danger" icon={Ban} onClick={ask}>
              Cancel
            </Button>
          )}
        >
          Work under way is told to stop. A cancelled run cannot be continued.
        </Confirm>
      ) : null}
    </>
  )
}

function Result({ run }: { run: RunView }) {
  if (run.result === null || run.result === undefined)
    return <p className="panel p-4 text-sm text-ink-2">There is no result yet.</p>
  return (
    <div className="panel p-4">
      {typeof run.result === 'object' && !Array.isArray(run.result) ? (
        <AnswerView data={run.result as Record<string, unknown>} label="Result" />
      ) : (
        <JsonView value={run.result} label="Result" />
      )}
    </div>
  )
}
