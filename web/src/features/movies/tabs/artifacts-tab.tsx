import type * as M from '../../../../../src/movies/schema.ts'
import { cx } from '../../../lib/cx.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { ArtifactPanel } from '../components/artifact-panel.tsx'
import { STATES_OF, words } from '../lib/states.ts'

/** Everything the crew has made, by state; one of them written out. */
export default function ArtifactsTab({ film }: { film: M.WorkflowResponse }) {
  const [url, setUrl] = useUrlState()
  const groups = [...new Set([...(STATES_OF[film.workflow_type] ?? []), ...Object.keys(film.results)])].flatMap(
    (state) => {
      const names = Object.keys(film.results[state] ?? {})
      return names.length > 0 ? [{ state, names }] : []
    },
  )
  const all = groups.flatMap((group) => group.names)
  const chosen = all.includes(url.artifact ?? '') ? url.artifact! : all[0]
  if (!chosen) return <p className="py-6 text-center text-sm text-ink-3">Nothing is made yet.</p>
  return (
    <div className="grid gap-4 md:grid-cols-[200px_1fr]">
      <nav aria-label="Artifacts" className="flex flex-col gap-3">
        {groups.map((group) => (
          <div key={group.state}>
            <h3 className="mb-1 px-2 text-2xs font-medium text-ink-3">{words(group.state)}</h3>
            <ul>
              {group.names.map((name) => (
                <li key={name}>
                  <button
                    type="button"
                    aria-current={name === chosen || undefined}
                    onClick={() => setUrl({ artifact: name }, true)}
                    className={cx(
                      'w-full rounded px-2 py-1 text-left text-sm hover:bg-hover',
                      name === chosen && 'bg-accent-soft font-medium text-accent-ink',
                    )}
                  >
                    {words(name)}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <section aria-label={words(chosen)} className="panel min-w-0 p-4">
        <h2 className="mb-2 text-sm font-semibold">{words(chosen)}</h2>
        <ArtifactPanel workflowId={film.workflow_id} name={chosen} version={film.updated_at} />
      </section>
    </div>
  )
}
