import { marked } from 'marked'
import { code, escapeHtml } from './html.ts'
import { PAGE_STYLE } from './page-style.ts'
import { sanitiseHtml } from './sanitise-html.ts'

export type ResultPage = {
  taskId: string
  subtaskId: string
  agentId: string
  /** Seconds. */
  executionTime: number
  timestamp: Date
  /** What the agent wrote: a full document, HTML, Markdown or plain text. */
  result: string
}

const FULL_DOCUMENT = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!doctype\s+html\b|<html[\s>])/i
const HTML = /<(?:p|div|h[1-6]|table|ul|ol|section|article|pre|figure|svg|span|strong|em|br|a|img|main|body)\b[^>]*>/i

/** Text of an agent as the body of a page, without anything that runs or loads. */
export function toBody(result: string): string {
  try {
    return cleaned(result)
  } catch (error) {
    // Elements nested thousands deep exhaust the stack: then the source is shown as text.
    if (!(error instanceof RangeError)) throw error
    return code(result)
  }
}

function cleaned(result: string): string {
  if (HTML.test(result)) return sanitiseHtml(result)
  return sanitiseHtml(marked.parse(result.replaceAll('<', '&lt;'), { async: false, gfm: true, breaks: true }))
}

/**
 * The HTML page of a subtask (contract 3.9.3). A full document is returned unchanged: it is served in a sandbox. Everything else is cleaned and
 * wrapped with a header that says what was done by whom.
 */
export function renderResultPage({ taskId, subtaskId, agentId, executionTime, timestamp, result }: ResultPage): string {
  if (FULL_DOCUMENT.test(result)) return result
  const facts: [string, string][] = [
    ['Task', taskId],
    ['Subtask', subtaskId],
    ['Agent', agentId],
    ['Execution time', `${executionTime.toFixed(2)} s`],
    ['Finished', timestamp.toISOString()],
  ]
  const list = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`)
  return documentOf(
    `Task Result - ${subtaskId}`,
    `<header class="task">\n<h1>Task result</h1>\n<dl>${list.join('')}</dl>\n</header>`,
    toBody(result),
  )
}

const documentOf = (title: string, header: string, body: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${PAGE_STYLE}
</style>
</head>
<body>
${header}
<main>
${body}
</main>
</body>
</html>
`

/** A document of its own in the look of result pages, for reports. The body is cleaned. */
export const renderDocument = (title: string, body: string): string => documentOf(title, '', sanitiseHtml(body))
