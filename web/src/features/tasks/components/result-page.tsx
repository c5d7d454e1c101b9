import { PageFrame } from '../../../components/page-frame.tsx'
import { useResultPage } from '../api/results.ts'
import { fileName, resultPageUrl } from '../lib/paths.ts'

/** The HTML page a step published, in its sandbox. */
export function ResultPage({ htmlFile, height }: { htmlFile: string | undefined; height?: number }) {
  const url = resultPageUrl(htmlFile) ?? ''
  const page = useResultPage(url)
  if (!url) return null
  return (
    <PageFrame
      title="Result page"
      name={fileName(url)}
      path={`${url}?download=true`}
      html={page.data}
      error={page.error}
      onRetry={() => void page.refetch()}
      {...(height ? { height } : {})}
    />
  )
}
