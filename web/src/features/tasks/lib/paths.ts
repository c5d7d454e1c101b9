const parts = (path: string) => path.replaceAll('\\', '/').split('/').filter(Boolean)
const encode = (list: string[]) => list.map(encodeURIComponent).join('/')

/** Where the page that `html_file` names is served; undefined when the path is no result page. */
export function resultPageUrl(htmlFile: string | undefined): string | undefined {
  const list = parts(htmlFile ?? '')
  const at = list.lastIndexOf('results')
  return at >= 0 && list.length - at === 3 ? `/results/${encode(list.slice(at + 1))}` : undefined
}

/** Where a file of a task is served: charts, reports and data below /artifacts, the rest from the task's output folder. */
export function taskFileUrl(taskId: string, path: string): string {
  const list = parts(path)
  const at = list.indexOf('artifacts')
  if (at >= 0 && ['images', 'reports', 'data'].includes(list[at + 1] ?? ''))
    return `/artifacts/${encode(list.slice(at + 1))}`
  const output = list.indexOf('output')
  return `/tasks/${encodeURIComponent(taskId)}/outputs/${encode(output >= 0 ? list.slice(output + 1) : list)}`
}

/** The last part of a path. */
export const fileName = (path: string) => parts(path).at(-1) ?? path

/** Whether a file is a picture that can be shown in place. */
export const isPicture = (path: string) => /\.(svg|png|jpe?g|gif|webp)$/i.test(path)
