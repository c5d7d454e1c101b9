import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type * as M from '../../../../../src/movies/schema.ts'
import { asApiError } from '../../../api/api-error.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { Field, INPUT, TEXTAREA } from '../../../components/field.tsx'
import { toast } from '../../../components/toast.tsx'
import { useMovieWrite } from '../api/movies.ts'
import { EMPTY_PROJECT, type ProjectForm, toForm, toProject } from '../lib/project-form.ts'

type Entry = {
  name: keyof ProjectForm
  label: string
  hint?: string
  wide?: true
  long?: true
  number?: true
  choices?: string[]
}
const ENTRIES: Entry[] = [
  { name: 'title', label: 'Title' },
  { name: 'genre', label: 'Genre' },
  { name: 'description', label: 'Idea', wide: true, long: true },
  {
    name: 'characters',
    label: 'Characters',
    hint: 'One a line. Ada: a diver who lost her brother',
    wide: true,
    long: true,
  },
  { name: 'settings', label: 'Places', hint: 'One a line. Pier: old wood, gulls', wide: true, long: true },
  { name: 'themes', label: 'Themes', hint: 'Separated by commas' },
  { name: 'target_duration', label: 'Length in seconds', number: true },
  { name: 'visual_style', label: 'Look' },
  { name: 'tone', label: 'Tone' },
  { name: 'content_rating', label: 'Rating', choices: ['', 'G', 'PG', 'PG-13', 'R', 'NC-17'] },
  { name: 'custom_requirements', label: 'What must be kept in mind' },
  { name: 'max_cost', label: 'Highest cost', number: true },
  { name: 'max_workflows', label: 'Films at once', hint: 'Empty: no limit', number: true },
]

/** Makes a project, or changes the one given. */
export function ProjectDialog({
  open,
  onClose,
  project,
}: {
  open: boolean
  onClose: () => void
  project?: M.ProjectResponse
}) {
  return (
    <Dialog open={open} onClose={onClose} title={project ? 'Change the project' : 'New project'} wide>
      <Form onClose={onClose} {...(project ? { project } : {})} />
    </Dialog>
  )
}

function Form({ onClose, project }: { onClose: () => void; project?: M.ProjectResponse }) {
  const [form, setForm] = useState<ProjectForm>(() => (project ? toForm(project) : EMPTY_PROJECT))
  const [tried, setTried] = useState(false)
  const write = useMovieWrite<M.ProjectResponse>()
  const navigate = useNavigate()
  const refused = write.error ? asApiError(write.error).fields : []
  const problem = (name: keyof ProjectForm) =>
    (tried && name === 'title' && form.title.trim() === '' ? 'Give the project a title' : undefined) ??
    refused.find((one) => one.field.split('.').includes(name))?.message
  const send = () =>
    write.mutate(
      project
        ? { path: `/projects/${encodeURIComponent(project.project_id)}`, method: 'PUT', body: toProject(form, project) }
        : { path: '/projects', body: toProject(form) },
      {
        onSuccess: (saved) => {
          toast({ tone: 'done', title: `${saved.title} is saved` })
          onClose()
          if (!project) void navigate({ to: `/movies/projects/${encodeURIComponent(saved.project_id)}` } as never)
        },
      },
    )
  return (
    <form
      noValidate
      className="grid gap-3 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (form.title.trim()) send()
      }}
    >
      {ENTRIES.map(({ name, label, hint, wide, long, number, choices }) => (
        <Field
          key={name}
          label={label}
          hint={hint}
          required={name === 'title'}
          error={problem(name)}
          className={wide ? 'sm:col-span-2' : ''}
        >
          {(props) => {
            const shared = {
              ...props,
              value: form[name],
              onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
            }
            if (long) return <textarea {...shared} className={TEXTAREA} maxLength={5000} />
            if (choices)
              return (
                <select {...shared} className={INPUT}>
                  {choices.map((choice) => (
                    <option key={choice} value={choice}>
                      {choice || 'not rated'}
                    </option>
                  ))}
                </select>
              )
            return <input {...shared} {...(number ? { type: 'number', min: 0 } : {})} className={INPUT} />
          }}
        </Field>
      ))}
      {write.error && refused.length === 0 ? (
        <div className="sm:col-span-2">
          <ErrorPanel error={write.error} title="The project was not saved" />
        </div>
      ) : null}
      <div className="flex justify-end gap-2 sm:col-span-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={write.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}
