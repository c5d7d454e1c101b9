/** What a task may carry along (contract 3.9.1). */
export const EXTENSIONS =
  'jpg jpeg png gif bmp webp svg pdf doc docx txt rtf odt xls xlsx csv ods zip rar 7z tar gz json xml yaml yml ppt pptx md'.split(
    ' ',
  )
export const MAX_FILE_BYTES = 50 * 1024 * 1024
export const DESCRIPTION = { least: 10, most: 5000 }

/** Why a file will be refused, before it is sent; undefined when it will not. */
export function fileIssue(file: { name: string; size: number }): string | undefined {
  const extension = file.name.toLowerCase().split('.').pop() ?? ''
  if (!file.name.includes('.') || !EXTENSIONS.includes(extension))
    return `.${extension} files are not taken; put it in a .zip or rename it to .txt`
  if (file.size === 0) return 'is empty'
  if (file.size > MAX_FILE_BYTES) return 'is larger than 50 MB'
  return undefined
}

/** Why a description will be refused. Counted after trimming, as the server does. */
export function descriptionIssue(text: string): string | undefined {
  const length = text.trim().length
  if (length < DESCRIPTION.least)
    return `Write at least ${DESCRIPTION.least} characters (${DESCRIPTION.least - length} more).`
  if (length > DESCRIPTION.most)
    return `Use at most ${DESCRIPTION.most} characters (${length - DESCRIPTION.most} too many).`
  return undefined
}

/** Reads the optional input data: an object as JSON, or nothing. */
export function readInputData(text: string): { value?: Record<string, unknown>; issue?: string } {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { issue: 'must be a JSON object, such as {"timeout_seconds": 60}' }
    return { value: value as Record<string, unknown> }
  } catch {
    return { issue: 'is no valid JSON' }
  }
}
