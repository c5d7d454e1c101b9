import { Download, Maximize2 } from 'lucide-react'
import { useState } from 'react'
import { download } from '../api/client.ts'
import { saveText } from '../lib/save-text.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorPanel } from './error-panel.tsx'
import { Skeleton } from './skeleton.tsx'
import { toastError } from './toast.tsx'

type PageFrameProps = {
  title: string
  name: string
  /** Where it is downloaded from; without it the shown text itself is kept. */
  path?: string
  html: string | undefined
  error?: unknown
  onRetry?: () => void
  height?: number
}

/** A page that an agent wrote, in a frame without scripts, forms or origin; it can be enlarged and downloaded. */
export function PageFrame({ title, name, path, html, error, onRetry, height = 420 }: PageFrameProps) {
  const [large, setLarge] = useState(false)
  if (error)
    return <ErrorPanel error={error} title="The result page could not be read" {...(onRetry ? { onRetry } : {})} />
  if (html === undefined) return <Skeleton rows={5} />
  return (
    <figure className="m-0 overflow-hidden rounded-md border border-line">
      <figcaption className="flex items-center gap-1 border-b border-line bg-sunken py-1 pr-1 pl-3">
        <span className="min-w-0 flex-1 truncate font-mono text-2xs text-ink-2">{name}</span>
        <Button
          size="sm"
          look="quiet"
          icon={Maximize2}
          aria-label={`Enlarge ${title}`}
          onClick={() => setLarge(true)}
        />
        <Button
          size="sm"
          look="quiet"
          icon={Download}
          onClick={() =>
            path
              ? void download(path, name).catch((problem) => toastError('The page could not be downloaded', problem))
              : saveText(name, html, 'text/html')
          }
        >
          Download
        </Button>
      </figcaption>
      <Sandboxed title={title} html={html} height={height} />
      <Dialog open={large} onClose={() => setLarge(false)} title={title} wide>
        <Sandboxed title={`${title}, large`} html={html} height={640} />
      </Dialog>
    </figure>
  )
}

function Sandboxed({ title, html, height }: { title: string; html: string; height: number }) {
  return (
    <iframe
      title={title}
      sandbox=""
      srcDoc={html}
      style={{ height }}
      className="block w-full border-0 bg-white"
      loading="lazy"
    />
  )
}
