const html = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

type Schema = {
  properties?: Record<string, { type?: string | string[]; enum?: unknown[]; description?: string }>
  required?: string[]
}
type Operation = {
  summary: string
  tags: string[]
  parameters: { name: string; in: string; required: boolean }[]
  requestBody?: { content: { 'application/json': { schema: Schema } } }
  'x-access': string
}

const typeOf = ({ type, enum: values }: { type?: string | string[]; enum?: unknown[] }) =>
  values ? values.join(' | ') : Array.isArray(type) ? type.join(' | ') : (type ?? 'any')

function operationHtml(method: string, path: string, one: Operation): string {
  const fields = Object.entries(one.requestBody?.content['application/json'].schema.properties ?? {})
  const required = one.requestBody?.content['application/json'].schema.required ?? []
  const row = (name: string, where: string, kind: string) =>
    `<tr><td><code>${html(name)}</code></td><td>${html(where)}</td><td>${html(kind)}</td></tr>`
  const rows = [
    ...one.parameters.map((parameter) => row(parameter.name, parameter.in, parameter.required ? 'required' : '')),
    ...fields.map(([name, schema]) =>
      row(name, 'body', `${typeOf(schema)}${required.includes(name) ? ', required' : ''}`),
    ),
  ]
  return `<details><summary><b class="${method}">${method.toUpperCase()}</b> <code>${html(path)}</code> <span>${html(one.summary)}</span> <i>${html(one['x-access'])}</i></summary>${
    rows.length > 0
      ? `<table><thead><tr><th>name</th><th>in</th><th>type</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
      : '<p>No parameters.</p>'
  }</details>`
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#17202a;background:#fff}code{font-family:ui-monospace,monospace}
summary{cursor:pointer;padding:.3rem 0}summary span{color:#445}summary i{float:right;color:#556;font-size:.85em}b{display:inline-block;min-width:4.2em}.get{color:#0b5d3b}.post{color:#0b4f9e}.put,.patch{color:#7a4b00}.delete{color:#a11}
table{border-collapse:collapse;margin:.3rem 0 1rem}td,th{border-bottom:1px solid #ccd;padding:.15rem .8rem .15rem 0;text-align:left}@media(prefers-color-scheme:dark){body{background:#10161c;color:#e6edf3}summary span,summary i{color:#a9b4c0}.get{color:#5bd39b}.post{color:#7ab8ff}.put,.patch{color:#f0b45b}.delete{color:#ff8f8f}td,th{border-color:#334}}`

/** The API reference as one page without scripts, from the OpenAPI document that the routes' declarations make. */
export function apiReference(document: Record<string, any>, title: string): string {
  const groups = new Map<string, string[]>()
  for (const [path, methods] of Object.entries(document['paths'] as Record<string, Record<string, Operation>>))
    for (const [method, one] of Object.entries(methods))
      groups.set(one.tags[0]!, [...(groups.get(one.tags[0]!) ?? []), operationHtml(method, path, one)])
  const sections = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, operations]) => `<section><h2>${html(tag)}</h2>${operations.join('')}</section>`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${html(title)}</title><style>${STYLE}</style></head>
<body><h1>${html(title)}</h1><p>The same as <a href="/openapi.json">OpenAPI 3.1</a>. The word at the right says which right a call needs.</p>${sections.join('')}</body></html>`
}
