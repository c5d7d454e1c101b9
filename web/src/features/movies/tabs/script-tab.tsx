import { Download } from 'lucide-react'
import { download } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { toastError } from '../../../components/toast.tsx'
import { useUrlState } from '../../../lib/use-url-state.ts'
import { type ExportRow, useMovieRead, workflowPath } from '../api/movies.ts'
import { ScreenplayView } from '../components/screenplay-view.tsx'
import type { PlayBlock } from '../lib/screenplay.ts'

/** The screenplay to read, and to take along where the server prints it. */
export default function ScriptTab({ workflowId, blocks }: { workflowId: string; blocks: PlayBlock[] }) {
  const [url, setUrl] = useUrlState()
  const { data } = useMovieRead<{ exports: ExportRow[] }>(workflowId, 'exports')
  const files = (data?.exports ?? []).filter((one) => one.format.startsWith('screenplay') && one.available)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        {files.map((file) => (
          <Button
            key={file.format}
            size="sm"
            icon={Download}
            onClick={() =>
              void download(
                `/api/v1${workflowPath(workflowId)}/exports/${file.format}`,
                `screenplay${file.ending}`,
              ).catch((error) => toastError('The screenplay could not be downloaded', error))
            }
          >
            {file.title}
          </Button>
        ))}
      </div>
      <ScreenplayView
        blocks={blocks}
        scene={url.scene ? Number(url.scene) : undefined}
        onScene={(scene) => setUrl({ scene: String(scene) }, true)}
      />
    </div>
  )
}
