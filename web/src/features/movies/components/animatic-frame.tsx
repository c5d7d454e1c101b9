import { useEffect, useRef } from 'react'
import { storedToken } from '../../../api/client.ts'

type Told = { type: 'troupe-film'; at: number; playing: boolean }
const isTold = (data: unknown): data is Told =>
  typeof data === 'object' && data !== null && (data as Told).type === 'troupe-film'

/** The film as the studio made it: a page with its own player, kept apart from ours. It says where it is and goes where it is sent. */
export function AnimaticFrame({
  address,
  title,
  ratio,
  from,
  onTime,
}: {
  address: string
  title: string
  ratio: number
  from: number | undefined
  onTime: (second: number) => void
}) {
  const frame = useRef<HTMLIFrameElement>(null)
  const tell = useRef(onTime)
  tell.current = onTime
  const wanted = useRef(from)
  wanted.current = from
  const seek = (at: number) =>
    frame.current?.contentWindow?.postMessage({ type: 'troupe-film-seek', at, unlessPlaying: true }, '*')
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || !isTold(event.data)) return
      if (event.data.playing) tell.current(event.data.at)
    }
    window.addEventListener('message', hear)
    return () => window.removeEventListener('message', hear)
  }, [])
  useEffect(() => {
    if (from !== undefined)
      frame.current?.contentWindow?.postMessage({ type: 'troupe-film-seek', at: from, unlessPlaying: true }, '*')
  }, [from])
  const token = storedToken()
  return (
    <iframe
      ref={frame}
      data-testid="film"
      title={title}
      onLoad={() => {
        if (wanted.current !== undefined) seek(wanted.current)
      }}
      src={token ? `${address}?api_key=${encodeURIComponent(token)}` : address}
      sandbox="allow-scripts allow-downloads"
      allow="fullscreen; autoplay"
      className="w-full rounded-md border-0 bg-black"
      style={{ aspectRatio: ratio, maxHeight: 620, minHeight: 240 }}
    />
  )
}
