import { useState } from 'react'
import { AnswerView } from '../../../components/answer-view.tsx'
import { Chip } from '../../../components/chip.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { Diff } from '../../../components/diff.tsx'
import { JsonView } from '../../../components/json-view.tsx'
import { Tabs } from '../../../components/tabs.tsx'
import { When } from '../../../components/when.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { useArtifact, useStored, useVersions } from '../api/artifacts.ts'
import type { ArtifactRow } from '../types.ts'
import { Loaded, NotYet } from './loaded.tsx'

const HIDDEN = new Set([
  'id',
  'event_brief_id',
  'schema_version',
  'correlation_id',
  'created_at',
  'updated_at',
  'created_by',
  'version',
  'validation_status',
  'validation_errors',
])

/** Shown in the log, not here: one entry for each step would hide the rest. */
const LOGGED = new Set(['AgentTrace', 'ChangeLog', 'DecisionLog'])

/** All artifacts of an event; one opens with its fields, its raw form, its versions and what changed between them. */
export function ArtifactViewer({ eventId }: { eventId: string }) {
  const list = useArtifact(eventId, 'artifacts')
  const [url, setUrl] = useUrlState()
  return (
    <div data-testid="artifact-viewer">
      <Loaded query={list} what="The artifacts" empty={<NotYet>Nothing is written yet.</NotYet>}>
        {(rows) => (
          <>
            <ul className="max-h-96 overflow-y-auto" tabIndex={0} aria-label="Artifacts">
              {rows
                .filter((row) => !LOGGED.has(row.artifact_type))
                .map((row) => (
                  <li key={row.artifact_id} className="flex items-center gap-2 pr-2">
                    <button
                      type="button"
                      onClick={() => setUrl({ artifact: row.artifact_id })}
                      className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded px-2 text-left text-sm -outline-offset-2 hover:bg-hover"
                    >
                      <span className="min-w-0 flex-1 truncate">{row.artifact_type}</span>
                      <span className="tabular text-xs text-ink-3">v{row.version}</span>
                      <Chip
                        status={row.validation_status === 'valid' ? 'ok' : 'failed'}
                        word={row.validation_status === 'valid' ? 'Valid' : 'Not valid'}
                      />
                      <When at={row.updated_at} className="w-16 text-right text-xs text-ink-3" />
                    </button>
                    <WhyLink
                      kind="artifact"
                      id={`${row.artifact_id}@${row.version}`}
                      small
                      about={`${row.artifact_type} version ${row.version}`}
                    />
                  </li>
                ))}
            </ul>
            {rows
              .filter((row) => row.artifact_id === url.artifact)
              .map((row) => (
                <ArtifactDialog key={row.artifact_id} row={row} onClose={() => setUrl({ artifact: '' })} />
              ))}
          </>
        )}
      </Loaded>
    </div>
  )
}

function ArtifactDialog({ row, onClose }: { row: ArtifactRow; onClose: () => void }) {
  const [tab, setTab] = useState('fields')
  const [version, setVersion] = useState(0)
  const now = useStored(row.artifact_type, row.artifact_id)
  const versions = useVersions(row.artifact_type, row.artifact_id)
  const old = useStored(row.artifact_type, version ? row.artifact_id : '', version || undefined)
  const body = (value: unknown) => {
    const whole = (value ?? {}) as Record<string, unknown>
    return (whole.body ?? whole) as Record<string, unknown>
  }
  const fields = Object.fromEntries(Object.entries(body(now.data)).filter(([key]) => !HIDDEN.has(key)))
  return (
    <Dialog
      open
      onClose={onClose}
      title={row.artifact_type}
      describe={`${row.artifact_id}, version ${row.version}`}
      wide
    >
      <Tabs
        label="Views of the artifact"
        value={tab}
        onChange={setTab}
        items={[
          {
            id: 'fields',
            label: 'Fields',
            content: (
              <Loaded query={now} what="The artifact" empty={null}>
                {() => <AnswerView data={fields} label={row.artifact_type} />}
              </Loaded>
            ),
          },
          {
            id: 'raw',
            label: 'Raw',
            content: <JsonView value={now.data ?? {}} label={`${row.artifact_type}, raw`} maxHeight={460} />,
          },
          {
            id: 'versions',
            label: 'Versions',
            content: (
              <Loaded query={versions} what="The versions" empty={<NotYet>This is the first version.</NotYet>}>
                {(all) => (
                  <div className="flex flex-col gap-3">
                    <ul className="flex flex-wrap gap-2">
                      {all.map((one) => (
                        <li key={one.version}>
                          <button
                            type="button"
                            aria-pressed={one.version === version}
                            onClick={() => setVersion(one.version)}
                            className="rounded-md border border-line-strong px-2 py-1 text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft"
                          >
                            v{one.version} · {one.created_by} · <When at={one.created_at} />
                          </button>{' '}
                          <WhyLink
                            kind="artifact"
                            id={`${row.artifact_id}@${one.version}`}
                            small
                            about={`version ${one.version}`}
                          />
                        </li>
                      ))}
                    </ul>
                    {version && old.data ? (
                      <Diff before={body(old.data)} after={body(now.data)} label={`Version ${version} and now`} />
                    ) : (
                      <NotYet>Choose a version to see what changed since.</NotYet>
                    )}
                  </div>
                )}
              </Loaded>
            ),
          },
        ]}
      />
    </Dialog>
  )
}
