import { Chip } from '../../../components/chip.tsx'
import { Money } from '../../../components/money.tsx'
import { cx } from '../../../lib/cx.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { Matrix } from '../../../viewers/matrix.tsx'
import { useArtifact } from '../api/artifacts.ts'
import { Write } from '../components/artifact-editor.tsx'
import { Loaded, NotYet, Part } from '../components/loaded.tsx'
import type { EventBrief, Risk } from '../types.ts'

const LEVEL: Record<string, number> = { very_low: 1, low: 2, medium: 3, high: 4, very_high: 5 }
const band = (rating: number) => (rating >= 15 ? 'critical' : rating >= 8 ? 'high' : rating >= 5 ? 'medium' : 'low')
const tone = (risk: Risk) =>
  risk.status === 'occurred' || (risk.rating >= 15 && risk.status === 'open')
    ? 'failed'
    : risk.status === 'open'
      ? 'waiting'
      : risk.status === 'closed'
        ? 'paused'
        : 'done'

/** Probability × impact, and for each risk what is done about it. */
export default function RisksTab({ brief }: { brief: EventBrief }) {
  const risks = useArtifact(brief.id, 'risks')
  const plan = useArtifact(brief.id, 'contingency-plan')
  const logistics = useArtifact(brief.id, 'logistics-plan')
  const [url, setUrl] = useUrlState()
  const select = (risk: string) => setUrl({ risk: risk === url.risk ? '' : risk })
  return (
    <div className="flex flex-col gap-4">
      <Loaded
        query={risks}
        what="The risks"
        empty={
          <Part title="Risks" actions={<Write brief={brief} type="RiskRegister" label="Add a risk" />}>
            <NotYet>No risk is recorded yet.</NotYet>
          </Part>
        }
      >
        {(rows) => (
          <div className="grid gap-4 xl:grid-cols-2">
            <Part title="Probability × impact">
              <Matrix
                label="Risk matrix"
                xLabel="Probability"
                yLabel="Impact"
                selected={url.risk}
                onSelect={select}
                points={rows.map((risk) => ({
                  id: risk.id,
                  label: risk.description,
                  x: LEVEL[risk.probability] ?? 1,
                  y: LEVEL[risk.impact] ?? 1,
                }))}
              />
            </Part>
            <Part
              title="Risks"
              note={`${rows.filter((risk) => risk.rating >= 8).length} high or critical`}
              actions={<Write brief={brief} type="RiskRegister" label="Add a risk" />}
            >
              <ol className="flex flex-col gap-1">
                {rows.map((risk, i) => (
                  <li
                    key={risk.id}
                    className={cx(
                      'rounded-md border p-2.5 text-sm',
                      risk.id === url.risk ? 'border-accent bg-accent-soft' : 'border-line',
                    )}
                  >
                    <button
                      type="button"
                      aria-expanded={risk.id === url.risk}
                      onClick={() => select(risk.id)}
                      className="flex w-full items-start gap-2 text-left"
                    >
                      <span className="tabular grid size-5 shrink-0 place-items-center rounded-full bg-ink text-2xs font-semibold text-surface">
                        {i + 1}
                      </span>
                      <span className="min-w-0 flex-1 font-medium">{risk.description}</span>
                      <Chip status={risk.status} tone={tone(risk)} />
                    </button>
                    <p className="mt-1 pl-7 text-xs text-ink-2">
                      {risk.rating}, {band(risk.rating)} · {risk.owner}
                      {risk.cost_impact ? (
                        <>
                          {' · '}
                          <Money amount={risk.cost_impact} />
                        </>
                      ) : null}
                    </p>
                    {risk.id === url.risk ? (
                      <p className="mt-1 pl-5">
                        <Write brief={brief} type="RiskRegister" label="Change the risk" quiet stored={risk} />
                      </p>
                    ) : null}
                    {risk.id === url.risk ? (
                      <ul className="mt-1.5 list-disc pl-12 text-ink-2">
                        {risk.mitigation_strategies.map((one) => (
                          <li key={one}>{one}</li>
                        ))}
                        {(plan.data?.scenarios ?? [])
                          .filter((one) => one.risk_ids?.includes(risk.id))
                          .map((one) => (
                            <li key={one.scenario}>
                              If it happens: {one.scenario}, {one.owner}
                            </li>
                          ))}
                      </ul>
                    ) : null}
                  </li>
                ))}
              </ol>
            </Part>
          </div>
        )}
      </Loaded>
      <Part
        title="If it happens"
        actions={
          logistics.data && plan.data !== undefined ? (
            <Write
              brief={brief}
              type="ContingencyPlan"
              stored={plan.data}
              label={plan.data ? 'Change the responses' : 'Write the responses'}
            />
          ) : null
        }
      >
        <Loaded
          query={plan}
          what="The contingency plan"
          empty={<NotYet>No contingency plan yet. It needs the logistics plan first.</NotYet>}
        >
          {(data) => (
            <ul className="grid gap-3 sm:grid-cols-2">
              {data.scenarios.map((one) => (
                <li key={one.trigger_key} className="rounded-md border border-line p-3 text-sm">
                  <p className="font-medium">{one.scenario}</p>
                  <p className="mt-0.5 text-xs text-ink-3">
                    when {one.trigger} · {one.owner} · {one.target_resolution_minutes ?? 15} min
                  </p>
                  <p className="mt-1.5 text-ink-2">{one.response}</p>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Part>
    </div>
  )
}
