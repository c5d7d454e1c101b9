import { Clapperboard, LayoutGrid, List, Plus, Search, X } from 'lucide-react'
import { Crumbs } from '../../app/crumbs.tsx'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Select } from '../../components/select.tsx'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { useWorkflows } from './api/movies.ts'
import { FilmTable } from './components/film-table.tsx'
import { NewFilmDialog } from './components/new-film-dialog.tsx'
import { Poster } from './components/poster.tsx'
import { Sections } from './components/sections.tsx'
import { STATES_OF, words } from './lib/states.ts'

const PAGE = 24
const STATUSES = ['running', 'paused', 'completed', 'failed', 'cancelled']

/** The productions as posters; those that wait for a decision come first. */
export default function MoviesPage() {
  const [url, setUrl] = useUrlState()
  const offset = Number(url.offset ?? 0) || 0
  const list = useWorkflows({
    limit: PAGE,
    offset,
    ...(url.status ? { status: url.status } : {}),
    ...(url.type ? { workflow_type: url.type } : {}),
    ...(url.project ? { project_id: url.project } : {}),
  })
  const openNew = () => setUrl({ new: '1' })
  useHotkeys([{ keys: 'n', does: 'New film', run: openNew }])
  const asList = url.view === 'list'
  const filtered = Boolean(url.status || url.type || url.project)
  const films = [...(list.data?.workflows ?? [])].sort(
    (a, b) => Number(Boolean(b.pending_decision)) - Number(Boolean(a.pending_decision)),
  )
  return (
    <div className="h-full overflow-y-auto">
      <Crumbs trail={[{ label: 'Movies' }]} />
      <div className="mx-auto flex max-w-[1240px] flex-col gap-4 p-4 md:p-6">
        <Sections />
        <div className="flex flex-wrap items-center gap-2">
          <Select
            label="State"
            value={url.status ?? ''}
            onChange={(status) => setUrl({ status, offset: '' })}
            options={[
              { value: '', label: 'Every state' },
              ...STATUSES.map((value) => ({ value, label: words(value) })),
            ]}
          />
          <Select
            label="Kind"
            value={url.type ?? ''}
            onChange={(type) => setUrl({ type, offset: '' })}
            options={[
              { value: '', label: 'Every kind' },
              ...Object.keys(STATES_OF).map((value) => ({ value, label: words(value) })),
            ]}
          />
          {url.project ? (
            <Button size="sm" look="quiet" icon={X} onClick={() => setUrl({ project: '', offset: '' })}>
              Project {url.project}
            </Button>
          ) : null}
          <div className="ml-auto flex gap-2">
            <Button
              icon={asList ? LayoutGrid : List}
              onClick={() => setUrl({ view: asList ? undefined : 'list' })}
              aria-label={asList ? 'Show posters' : 'Show a list'}
            />
            <Button look="primary" icon={Plus} onClick={openNew}>
              New film
            </Button>
          </div>
        </div>
        {list.error ? (
          <ErrorPanel
            error={list.error}
            title="The productions could not be read"
            onRetry={() => void list.refetch()}
          />
        ) : !list.data ? (
          <output aria-label="Loading productions" className="grid grid-cols-2 gap-4 md:grid-cols-3 xl:grid-cols-5">
            {[1, 2, 3, 4, 5].map((n) => (
              <span key={n} className="shimmer block aspect-[3/5] rounded-md" />
            ))}
          </output>
        ) : films.length === 0 ? (
          filtered ? (
            <Empty
              icon={Search}
              title="No production fits these filters"
              action={<Button onClick={() => setUrl({ status: '', type: '', project: '' })}>Clear the filters</Button>}
            />
          ) : (
            <Empty
              icon={Clapperboard}
              title="No film yet"
              action={
                <Button look="primary" icon={Plus} onClick={openNew}>
                  New film
                </Button>
              }
            >
              From an idea or a screenplay to a finished piece: a crew of 55 agents works, you decide.
            </Empty>
          )
        ) : (
          <>
            {asList ? (
              <FilmTable films={films} />
            ) : (
              <ul aria-label="Productions" className="grid grid-cols-2 gap-4 md:grid-cols-3 xl:grid-cols-5">
                {films.map((film) => (
                  <Poster key={film.workflow_id} film={film} />
                ))}
              </ul>
            )}
            {list.data.has_more || offset > 0 ? (
              <nav aria-label="Pages" className="flex justify-center gap-2">
                <Button
                  size="sm"
                  disabled={offset === 0}
                  onClick={() => setUrl({ offset: offset > PAGE ? String(offset - PAGE) : '' })}
                >
                  Previous
                </Button>
                <Button
                  size="sm"
                  disabled={!list.data.has_more}
                  onClick={() => setUrl({ offset: String(offset + PAGE) })}
                >
                  Next
                </Button>
              </nav>
            ) : null}
          </>
        )}
      </div>
      <NewFilmDialog open={url.new === '1'} onClose={() => setUrl({ new: '' }, true)} />
    </div>
  )
}
