import { Fragment } from 'react'
import { ErrorPanel } from '../../../components/error-panel.tsx'
import { RemotePicture } from '../../../components/remote-picture.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { WhyLink } from '../../../components/why-link.tsx'
import { useMovieArtifact } from '../api/movies.ts'
import { characterSheets } from '../lib/characters.ts'
import { readable } from '../lib/readable.ts'
import { words } from '../lib/states.ts'
import { CharacterSheets } from './character-sheets.tsx'
import { DraftLabel } from './made-by.tsx'

/** One artifact, written out for people. */
export function ArtifactPanel({
  workflowId,
  name,
  version,
  index,
}: {
  workflowId: string
  name: string
  version: string
  index?: number
}) {
  const query = useMovieArtifact(workflowId, name, version, index)
  if (query.error)
    return <ErrorPanel error={query.error} title="This could not be read" onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Skeleton rows={4} />
  if (query.data === null) return <p className="py-2 text-sm text-ink-3">Not made yet.</p>
  const artifact = query.data
  const content = artifact.content as Record<string, unknown>
  return (
    <div className="flex flex-col gap-3">
      <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
        version {artifact.version}
        {artifact.agent_id ? ` · ${words(artifact.agent_id)}` : ''}
        <WhyLink kind="artifact" id={`${artifact.artifact_id}@${artifact.version}`} small about={words(name)} />
        {artifact.draft || artifact.generated_by === 'template' ? <DraftLabel /> : null}
      </p>
      {name === 'character_profiles' ? (
        <CharacterSheets sheets={characterSheets({ profiles: content as never })} />
      ) : (
        <Readable value={content} />
      )}
    </div>
  )
}

/** Any content as headings, sentences, lists, pictures, players and tables. */
export function Readable({ value }: { value: Record<string, unknown> }) {
  const parts = readable(value)
  return (
    <div className="flex flex-col gap-3">
      {parts.map((part) => (
        <Fragment key={part.title}>
          {part.kind === 'text' ? (
            <div>
              <h3 className="text-xs font-medium text-ink-3">{part.title}</h3>
              <p className="max-w-[72ch] text-sm whitespace-pre-wrap">{part.text}</p>
            </div>
          ) : part.kind === 'list' ? (
            <div>
              <h3 className="text-xs font-medium text-ink-3">{part.title}</h3>
              <ul className="list-disc pl-5 text-sm marker:text-ink-3">
                {part.items.map((item) => (
                  <li key={item} className="max-w-[72ch]">
                    {item}
                  </li>
                ))}
              </ul>
            </div>
          ) : part.kind === 'media' ? (
            <Media title={part.title} url={part.url} />
          ) : (
            <div
              className="overflow-x-auto rounded-md border border-line"
              role="region"
              tabIndex={0}
              aria-label={part.title}
            >
              <table className="w-full text-sm">
                <caption className="bg-sunken px-3 py-1.5 text-left text-xs font-medium text-ink-2">
                  {part.title}
                </caption>
                <thead className="text-left text-xs text-ink-3">
                  <tr className="border-t border-line">
                    {part.columns.map((column) => (
                      <th key={column} scope="col" className="px-3 py-1.5 font-medium">
                        {words(column)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {part.rows.map((row, i) => (
                    <tr key={i} className="border-t border-line align-top">
                      {part.columns.map((column) => (
                        <td key={column} className="min-w-24 px-3 py-1.5">
                          {/_url$|^url$/.test(column) && row[column] ? (
                            <Media title={`${part.title} ${i + 1}`} url={String(row[column])} small />
                          ) : (
                            (row[column] ?? '')
                          )}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Fragment>
      ))}
    </div>
  )
}

/** A picture, a sound or a film by its address. */
export function Media({ title, url, small = false }: { title: string; url: string; small?: boolean }) {
  const path = url.split('?')[0] ?? url
  if (/\.(mp4|webm|mov)$/i.test(path))
    return (
      // biome-ignore lint/a11y/useMediaCaption: captions are a deliverable of their own and not always made
      <video
        controls
        preload="metadata"
        src={url}
        aria-label={title}
        className={small ? 'w-48 rounded' : 'w-full rounded-md bg-black'}
      />
    )
  if (/\.(wav|mp3|m4a|ogg|flac)$/i.test(path))
    return (
      // biome-ignore lint/a11y/useMediaCaption: a line of dialogue stands beside its sound
      <audio controls preload="none" src={url} aria-label={title} className="h-8 w-56" />
    )
  if (/\.(png|jpe?g|webp|svg|gif)$/i.test(path) || /\/artifacts\/|\/files\//.test(path))
    return <RemotePicture src={url} alt={title} className={small ? 'w-28 rounded' : 'max-h-96 rounded-md'} />
  return (
    <a href={url} className="text-accent-ink underline">
      {title}
    </a>
  )
}
