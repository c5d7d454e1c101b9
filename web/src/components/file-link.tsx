import { Download } from 'lucide-react'
import { download } from '../api/client.ts'
import { formatBytes } from '../lib/format.ts'
import { Button } from './button.tsx'
import { toastError } from './toast.tsx'
import { WhyLink } from './why-link.tsx'

type FileLinkProps = {
  path: string
  name: string
  size?: number | undefined
  note?: string | undefined
  /** `owner/name`: leads to why the file is there. */
  why?: string
}

/** A file with its size and a download that carries the caller's credentials. */
export function FileLink({ path, name, size, note, why }: FileLinkProps) {
  return (
    <div className="flex min-h-9 items-center gap-3 border-b border-line px-3 py-1 text-sm last:border-b-0">
      <span className="min-w-0 flex-1 truncate font-mono text-xs" title={name}>
        {name}
      </span>
      {note ? <span className="truncate text-xs text-ink-3">{note}</span> : null}
      {size === undefined ? null : <span className="tabular shrink-0 text-xs text-ink-3">{formatBytes(size)}</span>}
      {why ? <WhyLink kind="file" id={why} small about={name} /> : null}
      <Button
        size="sm"
        look="quiet"
        icon={Download}
        aria-label={`Download ${name}`}
        onClick={() => void download(path, name).catch((error) => toastError(`${name} could not be downloaded`, error))}
      />
    </div>
  )
}
