type Operation = {
  summary?: string
  parameters?: { name: string; in: string; required?: boolean }[]
  requestBody?: unknown
}
type Document = { info?: { title?: string }; paths?: Record<string, Record<string, Operation>> }

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The API for people: every path with what it takes, from the document that describes it for machines. */
export function docsPage(raw: Record<string, unknown>): string {
  const document = raw as Document
  const rows = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => row(method, path, operation)),
  )
  const title = escapeHtml(document.info?.title ?? 'API')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8884;vertical-align:top}code{font-size:.95em}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#9cf}}</style>
<h1>${title}</h1><p>Send <code>X-API-Key</code>. The machine-readable document is <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<table><thead><tr><th>Call</th><th>What it does</th><th>Takes</th></tr></thead><tbody>${rows.join('')}</tbody></table></html>`
}

function row(method: string, path: string, operation: Operation): string {
  const takes = [
    ...(operation.parameters ?? []).map(
      (p) => `<code>${escapeHtml(p.name)}</code>${p.required ? '' : '?'} (${escapeHtml(p.in)})`,
    ),
    ...(operation.requestBody ? ['JSON body'] : []),
  ]
  return `<tr><td><code>${method.toUpperCase()} ${escapeHtml(path)}</code></td><td>${escapeHtml(operation.summary ?? '')}</td><td>${takes.join(', ')}</td></tr>`
}
