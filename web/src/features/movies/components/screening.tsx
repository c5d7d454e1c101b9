import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type * as M from '../../../../../src/movies/schema.ts'
import { authHeaders, storedToken } from '../../../api/client.ts'
import { formatBytes } from '../../../lib/format.ts'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { timecode } from '../../../viewers/filmstrip-layout.ts'
import { useMovieArtifact } from '../api/movies.ts'
import { type Shot, shotAt } from '../lib/shots.ts'
import { AnimaticFrame } from './animatic-frame.tsx'
import { DraftLabel } from './made-by.tsx'

/** The finished piece. Choosing a shot goes there; playing tells which shot is on screen. */
export function Screening({
  film,
  edit,
  shots,
  onShot,
}: {
  film: M.WorkflowResponse
  edit: M.Edit
  shots: Shot[]
  onShot: (id: string) => void
}) {
  const video = useRef<HTMLVideoElement>(null)
  const [url] = useUrlState()
  const [broken, setBroken] = useState(false)
  const { data: artifact } = useMovieArtifact(film.workflow_id, 'final_edit', film.updated_at)
  const { data: subtitles } = useMovieArtifact(film.workflow_id, 'subtitles', film.updated_at)
  const vtt = (subtitles?.content as M.Subtitles | undefined)?.vtt
  const address = artifact?.file?.url ?? edit.video_url
  const isPage = /^text\/html/.test(artifact?.file?.mime_type ?? '') || /\.html$/.test(address)
  const src = useKeyed(isPage ? '' : address)
  const chosen = shots.find((shot) => shot.id === url.shot)
  const from = chosen?.from
  useEffect(() => {
    if (from !== undefined && video.current?.paused) video.current.currentTime = from
  }, [from])
  return (
    <section aria-label="The finished piece" className="flex flex-col gap-2">
      {isPage ? (
        <AnimaticFrame
          address={address}
          title={`Film: ${film.title}`}
          ratio={1280 / 780}
          from={from}
          onTime={(second) => {
            const shot = shotAt(shots, second)
            if (shot && shot.id !== url.shot) onShot(shot.id)
          }}
        />
      ) : broken || !src ? (
        <p className="rounded-md border border-line bg-sunken p-6 text-center text-sm text-ink-2">
          {broken ? 'This browser cannot play the film here. ' : 'Loading the film… '}
          {broken ? (
            <a className="font-medium text-accent-ink underline" href={address}>
              Open the file
            </a>
          ) : null}
        </p>
      ) : (
        <video
          ref={video}
          data-testid="film"
          controls
          preload="metadata"
          src={src}
          aria-label={film.title}
          onError={() => setBroken(true)}
          onTimeUpdate={(event) => {
            const shot = event.currentTarget.paused ? undefined : shotAt(shots, event.currentTarget.currentTime)
            if (shot && shot.id !== url.shot) onShot(shot.id)
          }}
          className="max-h-[440px] w-full rounded-md bg-black"
        >
          <track
            kind="captions"
            srcLang="en"
            label="Subtitles"
            default={Boolean(vtt)}
            src={`data:text/vtt;charset=utf-8,${encodeURIComponent(vtt ?? 'WEBVTT\n')}`}
          />
        </video>
      )}
      <p className="flex flex-wrap items-center gap-3 text-xs text-ink-3">
        {artifact?.draft ? <DraftLabel /> : null}
        <span className="tabular">
          {timecode(edit.duration_seconds)} · {edit.edit_timeline.length} segments
          {artifact?.file ? ` · ${formatBytes(artifact.file.bytes)}` : ''}
        </span>
      </p>
    </section>
  )
}

/** An address as it is, or with a key in this browser as a fetched object, since a video element cannot carry the key. */
function useKeyed(address: string): string | undefined {
  const keyed = address !== '' && storedToken() !== ''
  const { data } = useQuery({
    queryKey: ['film', address],
    enabled: keyed,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await fetch(address, { headers: { ...authHeaders(), 'x-api-key': storedToken() } })).blob(),
  })
  const [url, setUrl] = useState<string | undefined>()
  useEffect(() => {
    if (!data) return
    const made = URL.createObjectURL(data)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [data])
  return keyed ? url : address
}
