import { Link } from '@tanstack/react-router'
import { Hourglass } from 'lucide-react'
import type * as M from '../../../../../src/movies/schema.ts'
import { Chip } from '../../../components/chip.tsx'
import { RemotePicture } from '../../../components/remote-picture.tsx'
import { stateLook } from '../../../lib/states.ts'
import { useMovieArtifact } from '../api/movies.ts'
import { STATES_OF, words } from '../lib/states.ts'
import { DraftLabel } from './made-by.tsx'

const HUES = ['var(--movies)', 'var(--series-3)', 'var(--series-6)', 'var(--series-2)', 'var(--series-1)']
const hueOf = (text: string) => HUES[[...text].reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0) % HUES.length]

/** A production as its poster: the first picture where there is one, title, state, how far, what waits. */
export function Poster({ film }: { film: M.WorkflowResponse }) {
  const states = STATES_OF[film.workflow_type] ?? []
  const pictured =
    film.completed_states.includes('media_generation') ||
    film.current_state === 'media_generation' ||
    film.status === 'completed'
  const { data } = useMovieArtifact(film.workflow_id, pictured ? 'generated_frames' : '', film.status, 0)
  const content = data?.content as { image_url?: string } | undefined
  const image = content?.image_url ?? data?.file?.url
  const hue = hueOf(film.title)
  return (
    <li className="group relative overflow-hidden rounded-md border border-line bg-surface focus-within:border-accent hover:border-line-strong">
      <div
        className="relative aspect-[3/4] overflow-hidden"
        style={{
          background: `linear-gradient(160deg, color-mix(in oklab, ${hue} 70%, black), color-mix(in oklab, ${hue} 22%, black))`,
        }}
      >
        {image ? <RemotePicture src={image} alt="" className="size-full object-cover opacity-80" /> : null}
        <div className="absolute inset-x-0 bottom-0 bg-gradient-to-t from-black/85 via-black/55 to-transparent p-4 pt-16 text-white">
          <h2 className="text-lg leading-6 font-semibold text-balance break-words">
            <Link
              to={`/movies/${film.workflow_id}` as never}
              className="after:absolute after:inset-0 focus-visible:after:outline-2"
            >
              {film.title}
            </Link>
          </h2>
          <p className="mt-1 text-xs text-white/85">
            {[film.genre, `${film.target_duration} s`, words(film.workflow_type)].filter(Boolean).join(' · ')}
          </p>
        </div>
        {film.pending_decision ? (
          <span className="absolute top-3 left-3 inline-flex items-center gap-1 rounded-full bg-waiting-soft px-2 py-0.5 text-xs font-medium text-waiting-ink">
            <Hourglass size={12} aria-hidden="true" />
            your decision
          </span>
        ) : null}
      </div>
      <div className="flex flex-col gap-2 p-3">
        <div className="flex items-center justify-between gap-2">
          <Chip
            status={film.status}
            word={
              film.pending_decision
                ? 'Waits for you'
                : film.queue_position
                  ? `Queued, ${film.queue_position}.`
                  : stateLook(film.status).word
            }
            tone={film.pending_decision ? 'waiting' : stateLook(film.status).tone}
          />
        </div>
        <div
          className="flex gap-1"
          role="img"
          aria-label={`${words(film.current_state)}, ${Math.round(film.progress_percentage)} %`}
        >
          {states.map((state) => (
            <span
              key={state}
              title={words(state)}
              className="h-1.5 flex-1 rounded-full"
              style={{
                background:
                  film.completed_states.includes(state) || film.status === 'completed'
                    ? 'var(--done)'
                    : state === film.current_state
                      ? `var(--${stateLook(film.pending_decision ? 'waiting' : film.status).tone})`
                      : 'var(--line-strong)',
              }}
            />
          ))}
        </div>
        <p className="flex justify-between text-xs text-ink-2">
          <span className="truncate">{words(film.current_state)}</span>
          <span className="tabular shrink-0">{Math.round(film.progress_percentage)} %</span>
        </p>
        <p className="h-5">{film.draft ? <DraftLabel /> : null}</p>
      </div>
    </li>
  )
}
