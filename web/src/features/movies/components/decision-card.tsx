import { Hourglass } from 'lucide-react'
import { useState } from 'react'
import type * as M from '../../../../../src/movies/schema.ts'
import { Button } from '../../../components/button.tsx'
import { Confirm } from '../../../components/dialog.tsx'
import { TEXTAREA } from '../../../components/field.tsx'
import { Tabs } from '../../../components/tabs.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { useMovieWrite, workflowPath } from '../api/movies.ts'
import { artifactNames, conceptOptions, longFacts, shortFacts } from '../lib/decision-facts.ts'
import { type Marks, marksFeedback } from '../lib/shots.ts'
import { EVIDENCE, isDrastic, optionLabel, pointOf, words } from '../lib/states.ts'
import { ArtifactPanel } from './artifact-panel.tsx'
import { ConceptOptions } from './concept-options.tsx'

/** What the production waits for: the question, everything needed to judge it, the choices, until when. */
export function DecisionCard({ film, marks }: { film: M.WorkflowResponse; marks: Marks }) {
  const decision = film.pending_decision
  const write = useMovieWrite()
  const [feedback, setFeedback] = useState<string | undefined>()
  const [tab, setTab] = useState('')
  if (!decision) return null
  const point = pointOf(decision.decision_id)
  const text = feedback ?? marksFeedback(marks)
  const context = (decision.context ?? {}) as Record<string, unknown>
  const named = artifactNames(context.artifacts)
  const evidence = named.length > 0 ? named : point === 'concept_selection' ? [] : (EVIDENCE[point] ?? [])
  const facts = shortFacts(context)
  const details = longFacts(context)
  const concepts = conceptOptions(context, decision.options)
  const buttons = decision.options.filter((option) => !concepts.some((one) => one.choice === option))
  const hasEvidence = evidence.length > 0 || details.length > 0
  const choose = (choice: string) =>
    write.mutate(
      {
        path: `${workflowPath(film.workflow_id)}/decisions`,
        body: { decision_id: decision.decision_id, choice, ...(text.trim() ? { feedback: text.trim() } : {}) },
      },
      {
        onSuccess: () => toast({ tone: 'done', title: `${optionLabel(choice)}: the crew goes on` }),
        onError: (error) => toastError('The decision was not taken', error),
      },
    )
  return (
    <section
      aria-label="Your decision"
      data-testid="decision-card"
      className="flex flex-col gap-3 rounded-md border border-waiting/60 bg-surface p-4"
    >
      <header className="flex flex-wrap items-center gap-2">
        <span className="inline-flex items-center gap-1.5 rounded-full bg-waiting-soft px-2.5 py-0.5 text-xs font-semibold text-waiting-ink">
          <Hourglass size={12} aria-hidden="true" />
          {words(point)}
        </span>
        <span className="text-xs text-ink-3">
          due <When at={decision.timeout} />
        </span>
        {facts.map(([name, value]) => (
          <span key={name} className="rounded border border-line bg-sunken px-1.5 py-0.5 text-2xs text-ink-2">
            {name} {value}
          </span>
        ))}
      </header>
      <p className="text-base font-semibold text-balance">{decision.prompt}</p>
      {concepts.length > 0 ? <ConceptOptions concepts={concepts} busy={write.isPending} onChoose={choose} /> : null}
      <div className={hasEvidence ? 'grid gap-4 lg:grid-cols-[minmax(0,1fr)_320px]' : 'flex flex-col gap-3'}>
        {hasEvidence ? (
          <div className="flex min-w-0 flex-col gap-3">
            {details.map(({ title, lines }) => (
              <div key={title} className="text-sm">
                <p className="mb-1 text-xs font-medium text-ink-2">{title}</p>
                <ul className="list-disc pl-5">
                  {lines.slice(0, 12).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                  {lines.length > 12 ? <li>and {lines.length - 12} more</li> : null}
                </ul>
              </div>
            ))}
            {evidence.length > 0 ? (
              <Tabs
                label="Evidence"
                value={tab || evidence[0] || ''}
                onChange={setTab}
                items={evidence.map((name) => ({
                  id: name,
                  label: words(name),
                  content: (
                    <div className="max-h-96 overflow-y-auto" role="region" tabIndex={0} aria-label={words(name)}>
                      <ArtifactPanel workflowId={film.workflow_id} name={name} version={film.updated_at} />
                    </div>
                  ),
                }))}
              />
            ) : null}
          </div>
        ) : null}
        <div className="flex flex-col gap-3">
          <label className="flex flex-col gap-1 text-xs font-medium text-ink-2">
            What the crew should know
            <textarea
              className={TEXTAREA}
              maxLength={5000}
              value={text}
              onChange={(event) => setFeedback(event.target.value)}
              placeholder="Optional: goes with your choice to whoever works on it next."
            />
          </label>
          <div className="flex flex-wrap gap-2">
            {buttons.map((option, i) =>
              isDrastic(option) ? (
                <Confirm
                  key={option}
                  title={`${optionLabel(option)}?`}
                  action={optionLabel(option)}
                  danger
                  onConfirm={() => choose(option)}
                  trigger={(ask) => (
                    <Button look="danger" disabled={write.isPending} onClick={ask}>
                      {optionLabel(option)}
                    </Button>
                  )}
                >
                  {option === 'regenerate_media'
                    ? 'Every picture and every segment is made again.'
                    : 'The production ends here. What was made stays readable.'}
                </Confirm>
              ) : (
                <Button
                  key={option}
                  look={i === 0 && concepts.length === 0 ? 'primary' : 'secondary'}
                  busy={write.isPending && i === 0}
                  disabled={write.isPending}
                  onClick={() => choose(option)}
                >
                  {optionLabel(option)}
                </Button>
              ),
            )}
          </div>
        </div>
      </div>
    </section>
  )
}
