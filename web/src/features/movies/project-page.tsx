import { useNavigate, useParams } from '@tanstack/react-router'
import { FolderOpen, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import type * as M from '../../../../src/movies/schema.ts'
import { asApiError } from '../../api/api-error.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Chip, Tag } from '../../components/chip.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { PageSkeleton, Skeleton } from '../../components/skeleton.tsx'
import { toast, toastError } from '../../components/toast.tsx'
import { plural } from '../../lib/format.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useMovieWrite, useWorkflows } from './api/movies.ts'
import { useProject } from './api/projects.ts'
import { FilmTable } from './components/film-table.tsx'
import { NewFilmDialog } from './components/new-film-dialog.tsx'
import { ProjectDialog } from './components/project-dialog.tsx'
import { inWords } from './lib/readable.ts'
import { words } from './lib/states.ts'

/** One project: what it is about, its limits, and the films made of it. */
export default function ProjectPage() {
  const { projectId = '' } = useParams({ strict: false }) as { projectId?: string }
  const { data, error, refetch } = useProject(projectId)
  if (error && asApiError(error).status === 404)
    return (
      <>
        <Crumbs
          trail={[
            { label: 'Movies', to: '/movies' },
            { label: 'Projects', to: '/movies/projects' },
            { label: 'Not found' },
          ]}
        />
        <Empty icon={FolderOpen} title="There is no such project">
          It may have been removed. The list shows all that exist.
        </Empty>
      </>
    )
  if (error && !data)
    return (
      <div className="p-6">
        <ErrorPanel error={error} title="The project could not be read" onRetry={() => void refetch()} />
      </div>
    )
  return data ? <Project project={data} /> : <PageSkeleton />
}

function Project({ project }: { project: M.ProjectResponse }) {
  const [url, setUrl] = useUrlState()
  const [editing, setEditing] = useState(false)
  const films = useWorkflows({ project_id: project.project_id, limit: 100 })
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs
        trail={[
          { label: 'Movies', to: '/movies' },
          { label: 'Projects', to: '/movies/projects' },
          { label: project.title },
        ]}
      />
      <div className="mx-auto flex max-w-[1240px] flex-col gap-4 p-4 md:p-6">
        <header className="flex flex-wrap items-center gap-3">
          <h2 className="text-xl font-semibold">{project.title}</h2>
          <Chip status={project.status} />
          <span className="ml-auto flex flex-wrap gap-2">
            <Button icon={Pencil} onClick={() => setEditing(true)}>
              Change
            </Button>
            <RemoveProject project={project} films={films.data?.total_count ?? 0} />
            <Button look="primary" icon={Plus} onClick={() => setUrl({ new: '1' })}>
              New film
            </Button>
          </span>
        </header>
        <Facts project={project} />
        <section aria-label="Films of this project" className="flex flex-col gap-2">
          <h3 className="text-sm font-semibold">Films of this project</h3>
          {films.error ? (
            <ErrorPanel error={films.error} title="The films could not be read" onRetry={() => void films.refetch()} />
          ) : !films.data ? (
            <Skeleton rows={3} />
          ) : films.data.workflows.length === 0 ? (
            <p className="panel p-4 text-sm text-ink-2">
              None yet. A new film takes idea, people and places from here.
            </p>
          ) : (
            <FilmTable films={films.data.workflows} />
          )}
        </section>
      </div>
      <ProjectDialog open={editing} onClose={() => setEditing(false)} project={project} />
      <NewFilmDialog open={url.new === '1'} onClose={() => setUrl({ new: '' }, true)} project={project} />
    </div>
  )
}

function RemoveProject({ project, films }: { project: M.ProjectResponse; films: number }) {
  const write = useMovieWrite()
  const navigate = useNavigate()
  return (
    <Confirm
      title={`Remove ${project.title}?`}
      action="Remove the project"
      danger
      onConfirm={() =>
        write.mutate(
          { path: `/projects/${encodeURIComponent(project.project_id)}`, method: 'DELETE' },
          {
            onSuccess: () => {
              toast({ tone: 'done', title: `${project.title} was removed` })
              void navigate({ to: '/movies/projects' } as never)
            },
            onError: (error) => toastError('The project was not removed', error),
          },
        )
      }
      trigger={(ask) => (
        <Button look="danger" busy={write.isPending} onClick={ask}>
          Remove
        </Button>
      )}
    >
      {films > 0
        ? `Its ${plural(films, 'film')} ${films === 1 ? 'goes' : 'go'} with it. One that is still under way has to be cancelled first.`
        : 'It has no films.'}
    </Confirm>
  )
}

function Facts({ project }: { project: M.ProjectResponse }) {
  const facts: [label: string, value: string][] = [
    ['Genre', project.genre ? words(project.genre) : ''],
    ['Length', `${project.target_duration} s`],
    ['Rating', project.content_rating ?? ''],
    ['Style', inWords(project.style_preferences)],
    ['Limits', inWords(project.budget_constraints)],
    ['To keep in mind', project.custom_requirements],
    ['Kept in', project.source === 'auto_movie' ? 'Auto-Movie' : 'this installation'],
  ]
  return (
    <div className="grid gap-4 lg:grid-cols-[1fr_320px]">
      <section aria-label="Idea" className="panel flex flex-col gap-4 p-4 text-sm">
        <p className="max-w-[75ch] leading-6 whitespace-pre-line">
          {project.description || 'No idea is written down yet.'}
        </p>
        <People title="Characters" list={project.characters} />
        <People title="Places" list={project.settings} />
        {project.themes.length > 0 ? (
          <p className="flex flex-wrap gap-1.5">
            {project.themes.map((theme) => (
              <Tag key={theme}>{theme}</Tag>
            ))}
          </p>
        ) : null}
      </section>
      <dl aria-label="Facts" className="panel flex flex-col gap-2 p-4 text-sm">
        {facts
          .filter(([, value]) => value !== '')
          .map(([label, value]) => (
            <div key={label}>
              <dt className="text-xs text-ink-3">{label}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ))}
      </dl>
    </div>
  )
}

function People({ title, list }: { title: string; list: readonly Record<string, unknown>[] }) {
  if (list.length === 0) return null
  return (
    <div>
      <h3 className="mb-1 text-xs font-medium text-ink-2">{title}</h3>
      <ul className="flex flex-col gap-1">
        {list.map(({ name, ...rest }) => (
          <li key={String(name)}>
            <span className="font-medium">{String(name)}</span>
            {rest.description ? <span className="text-ink-2">: {String(rest.description)}</span> : null}
          </li>
        ))}
      </ul>
    </div>
  )
}
