import { useNavigate } from '@tanstack/react-router'
import { FileUp, X } from 'lucide-react'
import { useState } from 'react'
import type * as M from '../../../../../src/movies/schema.ts'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { toast, toastError } from '../../../components/toast.tsx'
import { plural } from '../../../lib/format.ts'
import { uniqueKey } from '../../../lib/unique-key.ts'
import { useMovieHealth, useMovieWrite } from '../api/movies.ts'
import {
  ASKS,
  EMPTY_FILM,
  type FilmForm,
  filmOf,
  filmProblems,
  type ImportedScript,
  projectId,
  toggled,
  toWorkflow,
} from '../lib/film-form.ts'
import { STATES_OF, words } from '../lib/states.ts'

/** A new production: the idea, or a screenplay as Fountain or Final Draft, and how it is to be made. */
type Props = { onClose: () => void; project?: M.ProjectResponse }

export function NewFilmDialog({ open, ...props }: Props & { open: boolean }) {
  return (
    <Dialog
      open={open}
      onClose={props.onClose}
      title={props.project ? `New film of ${props.project.title}` : 'New film'}
      wide
    >
      <NewFilmForm {...props} />
    </Dialog>
  )
}

function NewFilmForm({ onClose, project }: Props) {
  const navigate = useNavigate()
  const create = useMovieWrite<M.WorkflowResponse>()
  const health = useMovieHealth()
  const [form, setForm] = useState<FilmForm>(() => (project ? filmOf(project) : EMPTY_FILM))
  const [script, setScript] = useState<ImportedScript | undefined>()
  const [tried, setTried] = useState(false)
  const [key] = useState(uniqueKey)
  const own = filmProblems(form)
  const refused = create.error ? asApiError(create.error).fields : []
  const error = (name: keyof FilmForm) =>
    (tried ? own[name] : undefined) ?? refused.find((issue) => issue.field.endsWith(name))?.message
  const set = (name: keyof FilmForm) => (event: { target: { value: string } }) =>
    setForm({ ...form, [name]: event.target.value })
  const select = (name: keyof FilmForm, label: string, values: readonly string[], hint?: string) => (
    <Field label={label} hint={hint} error={error(name)}>
      {(props) => (
        <select {...props} className={INPUT} value={form[name]} onChange={set(name)}>
          {values.map((value) => (
            <option key={value} value={value}>
              {value === '' ? 'By length' : words(value)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
  return (
    <form
      noValidate
      className="grid gap-3 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (Object.keys(own).length > 0) return
        create.mutate(
          {
            path: '/workflows',
            body: toWorkflow(form, project?.project_id ?? projectId(form.title, key), script),
            key,
          },
          {
            onSuccess: (film) => {
              toast({ tone: 'running', title: `${film.title}: the crew has started` })
              onClose()
              void navigate({ to: `/movies/${film.workflow_id}` } as never)
            },
          },
        )
      }}
    >
      {health.data?.model_configured === false ? (
        <p className="hatched rounded-md px-3 py-2 text-sm text-draft-ink sm:col-span-2">
          No model is configured: texts come from templates, pictures and sound are drawn by rule. Everything so made
          says so.
        </p>
      ) : null}
      <ScriptUpload
        script={script}
        onScript={(next) => {
          setScript(next)
          if (next?.title && form.title === '') setForm({ ...form, title: next.title })
        }}
      />
      <Field label="Title" required error={error('title')}>
        {(props) => <input {...props} className={INPUT} maxLength={200} value={form.title} onChange={set('title')} />}
      </Field>
      <Field label="Genre" error={error('genre')}>
        {(props) => (
          <input
            {...props}
            className={INPUT}
            maxLength={50}
            placeholder="adventure"
            value={form.genre}
            onChange={set('genre')}
          />
        )}
      </Field>
      <Field
        label="Idea"
        hint="Who wants what, and what stands in the way?"
        className="sm:col-span-2"
        error={error('description')}
      >
        {(props) => (
          <textarea
            {...props}
            className={TEXTAREA}
            maxLength={2000}
            value={form.description}
            onChange={set('description')}
          />
        )}
      </Field>
      <NumberField
        label="Length in seconds"
        error={error('target_duration')}
        min={1}
        max={21600}
        value={form.target_duration}
        onChange={set('target_duration')}
      />
      <Field label="Look" error={error('visual_style')}>
        {(props) => (
          <input
            {...props}
            className={INPUT}
            placeholder="paper cut-out, warm light"
            value={form.visual_style}
            onChange={set('visual_style')}
          />
        )}
      </Field>
      <Field label="Tone" error={error('tone')}>
        {(props) => <input {...props} className={INPUT} placeholder="warm" value={form.tone} onChange={set('tone')} />}
      </Field>
      <NumberField
        label="Priority"
        hint="10 is served first"
        error={error('priority')}
        min={1}
        max={10}
        value={form.priority}
        onChange={set('priority')}
      />
      {select('workflow_type', 'Kind', Object.keys(STATES_OF))}
      {form.workflow_type === 'episode_production' ? (
        <NumberField
          label="Episode"
          required
          error={error('episode_number')}
          min={1}
          max={50}
          value={form.episode_number}
          onChange={set('episode_number')}
        />
      ) : (
        select(
          'profile',
          'Crew',
          ['', 'short', 'standard', 'full'],
          'Short: only what the film needs. Full: all departments.',
        )
      )}
      {select(
        'decision_mode',
        'Decisions',
        ['interactive', 'auto'],
        'Interactive: the story and the film wait for your yes.',
      )}
      {select('aspect_ratio', 'Format', ['16:9', '4:3', '21:9', '9:16', '1:1'])}
      {form.workflow_type === 'character_development' ? (
        <NumberField
          label="Characters"
          error={error('character_count')}
          min={1}
          max={20}
          value={form.character_count}
          onChange={set('character_count')}
        />
      ) : form.decision_mode === 'interactive' ? (
        <fieldset className="flex flex-wrap gap-x-4 gap-y-1 text-sm sm:col-span-2">
          <legend className="mb-1 text-xs font-medium text-ink-2">Ask me also about</legend>
          {ASKS.filter(({ value }) => value !== 'concept' || form.workflow_type === 'movie_creation').map(
            ({ value, label }) => (
              <label key={value} className="flex items-center gap-1.5">
                <input
                  type="checkbox"
                  checked={form.ask.split(',').includes(value)}
                  onChange={(event) => setForm({ ...form, ask: toggled(form.ask, value, event.target.checked) })}
                />
                {label}
              </label>
            ),
          )}
        </fieldset>
      ) : null}
      {create.error && refused.length === 0 ? (
        <div className="sm:col-span-2">
          <ErrorPanel error={create.error} title="The production did not start" />
        </div>
      ) : null}
      <div className="flex justify-end gap-2 sm:col-span-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={create.isPending}>
          Start production
        </Button>
      </div>
    </form>
  )
}

function ScriptUpload({
  script,
  onScript,
}: {
  script: ImportedScript | undefined
  onScript: (script: ImportedScript | undefined) => void
}) {
  const read = useMovieWrite<ImportedScript>()
  const load = async (file: File | undefined) => {
    if (!file) return
    read.mutate(
      { path: '/screenplays/import', body: { name: file.name, text: await file.text() } },
      { onSuccess: onScript, onError: (error) => toastError(`${file.name} could not be read as a screenplay`, error) },
    )
  }
  if (script)
    return (
      <section aria-label="Screenplay" className="rounded-md border border-line bg-sunken p-3 text-sm sm:col-span-2">
        <p className="flex items-center gap-2 font-medium">
          <span className="min-w-0 flex-1">
            {script.title ?? 'Screenplay'}: {plural(script.artifacts.scene_list?.scenes.length ?? 0, 'scene')},{' '}
            {plural(script.artifacts.character_profiles?.characters.length ?? 0, 'character')}
          </span>
          <Button
            size="sm"
            look="quiet"
            icon={X}
            aria-label="Remove the screenplay"
            onClick={() => onScript(undefined)}
          />
        </p>
        {script.loss.length > 0 ? (
          <ul className="mt-1 list-disc pl-5 text-xs text-ink-2">
            {script.loss.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        ) : (
          <p className="text-xs text-ink-3">Everything in the file was understood.</p>
        )}
      </section>
    )
  return (
    <label className="flex cursor-pointer items-center gap-3 rounded-md border border-dashed border-line-strong p-3 text-sm focus-within:outline-2 hover:bg-hover sm:col-span-2">
      <FileUp size={18} aria-hidden="true" className="text-ink-3" />
      <span className="min-w-0 flex-1">
        <span className="font-medium">{read.isPending ? 'Reading the screenplay…' : 'Start from a screenplay'}</span>
        <span className="block text-xs text-ink-3">
          Fountain (.fountain) or Final Draft (.fdx); scenes, characters and dialogue are taken from it.
        </span>
      </span>
      <input
        type="file"
        accept=".fountain,.fdx,.txt,.xml"
        className="sr-only"
        onChange={(event) => void load(event.target.files?.[0])}
      />
    </label>
  )
}
