import { useNavigate } from '@tanstack/react-router'
import { FolderOpen, Plus, Search } from 'lucide-react'
import type * as M from '../../../../src/movies/schema.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Chip } from '../../components/chip.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Select } from '../../components/select.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { Table } from '../../components/table.tsx'
import type { Column } from '../../components/table-rows.ts'
import { SearchBox } from '../../components/table-toolbar.tsx'
import { useTableView } from '../../components/use-table-view.ts'
import { When } from '../../components/when.tsx'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useProjects } from './api/projects.ts'
import { ProjectDialog } from './components/project-dialog.tsx'
import { Sections } from './components/sections.tsx'
import { fittingHeight } from './lib/fitting-height.ts'
import { words } from './lib/states.ts'

const STATUSES = ['draft', 'in_production', 'completed', 'cancelled']
const COLUMNS: Column<M.ProjectResponse>[] = [
  {
    id: 'title',
    header: 'Title',
    width: 200,
    grow: 3,
    cell: (p) => <span className="font-medium">{p.title}</span>,
    sort: (p) => p.title,
    text: (p) => `${p.title} ${p.project_id} ${p.genre ?? ''} ${p.description}`,
    phone: 'title',
  },
  {
    id: 'status',
    header: 'State',
    width: 130,
    cell: (p) => <Chip status={p.status} />,
    sort: (p) => p.status,
    phone: 'side',
  },
  {
    id: 'genre',
    header: 'Genre',
    width: 130,
    cell: (p) => (p.genre ? words(p.genre) : '–'),
    sort: (p) => p.genre ?? undefined,
    phone: 'sub',
  },
  {
    id: 'length',
    header: 'Length',
    width: 84,
    align: 'end',
    cell: (p) => `${p.target_duration} s`,
    sort: (p) => p.target_duration,
    phone: 'sub',
  },
  {
    id: 'people',
    header: 'Characters',
    width: 96,
    align: 'end',
    cell: (p) => p.characters.length,
    sort: (p) => p.characters.length,
  },
  {
    id: 'rating',
    header: 'Rating',
    width: 76,
    cell: (p) => p.content_rating ?? '–',
    sort: (p) => p.content_rating ?? undefined,
  },
  {
    id: 'source',
    header: 'Kept in',
    width: 110,
    cell: (p) => (p.source === 'auto_movie' ? 'Auto-Movie' : 'here'),
    sort: (p) => p.source,
  },
  {
    id: 'updated',
    header: 'Changed',
    width: 100,
    align: 'end',
    cell: (p) => <When at={p.updated_at} />,
    sort: (p) => p.updated_at,
  },
]

/** Projects: what films are made of. */
export default function ProjectsPage() {
  const [url, setUrl] = useUrlState()
  const [view, setView] = useTableView()
  const navigate = useNavigate()
  const list = useProjects({ limit: 1000, ...(url.status ? { status: url.status } : {}) })
  const add = () => setUrl({ new: '1' })
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Movies', to: '/movies' }, { label: 'Projects' }]} />
      <div className="mx-auto flex max-w-[1240px] flex-col gap-4 p-4 md:p-6">
        <Sections />
        <div className="flex flex-wrap items-center gap-2">
          <SearchBox value={view.q ?? ''} onChange={(q) => setView({ ...view, q })} label="Filter projects" />
          <Select
            label="State"
            value={url.status ?? ''}
            onChange={(status) => setUrl({ status })}
            options={[
              { value: '', label: 'Every state' },
              ...STATUSES.map((value) => ({ value, label: words(value) })),
            ]}
          />
          <Button className="ml-auto" look="primary" icon={Plus} onClick={add}>
            New project
          </Button>
        </div>
        {list.error ? (
          <ErrorPanel error={list.error} title="The projects could not be read" onRetry={() => void list.refetch()} />
        ) : !list.data ? (
          <Skeleton rows={8} height={36} />
        ) : list.data.projects.length === 0 && !url.status ? (
          <Empty
            icon={FolderOpen}
            title="No project yet"
            action={
              <Button look="primary" icon={Plus} onClick={add}>
                New project
              </Button>
            }
          >
            A project keeps idea, people, places and limits for all films made of it.
          </Empty>
        ) : (
          <div className="panel overflow-hidden" style={{ height: fittingHeight(list.data.projects.length) }}>
            <Table
              label="Projects"
              rows={list.data.projects}
              columns={COLUMNS}
              rowKey={(p) => p.project_id}
              version={(p) => p.updated_at}
              view={view}
              onView={setView}
              onOpen={(p) => void navigate({ to: `/movies/projects/${encodeURIComponent(p.project_id)}` } as never)}
              empty={<Empty icon={Search} title="No project fits these filters" />}
            />
          </div>
        )}
      </div>
      <ProjectDialog open={url.new === '1'} onClose={() => setUrl({ new: '' }, true)} />
    </div>
  )
}
