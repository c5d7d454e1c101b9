// The ways by which foreign text comes to an agent of a task. `reads` are the calls with which an honest agent opens the material.
export type Placed = {
  /** Joined to the job's own words. */
  description?: string
  files?: readonly { name: string; text: string }[]
  /** Answers of the site, by path. */
  pages?: Readonly<Record<string, { type: string; body: string }>>
  /** A row in a table that agents read. */
  row?: string
  /** An earlier step answers with this. */
  earlier?: string
  reads: readonly { tool: string; input: Record<string, unknown> }[]
}
export type Channel = { id: string; place(text: string, n: number, site: string): Placed }

const upload = (id: string, name: string, wrap: (text: string) => string = (text) => text): Channel => ({
  id,
  place: (text) => ({
    files: [{ name, text: wrap(text) }],
    reads: [{ tool: 'read_file', input: { path: `uploads/${name}` } }],
  }),
})
const page = (id: string, extension: string, type: string, wrap: (text: string) => string): Channel => ({
  id,
  place: (text, n, site) => ({
    pages: { [`/case-${n}${extension}`]: { type, body: wrap(text) } },
    reads: [{ tool: 'http_request', input: { url: `${site}/case-${n}${extension}` } }],
  }),
})

export const CHANNELS: readonly Channel[] = [
  { id: 'job-text', place: (text) => ({ description: text.slice(0, 4_000), reads: [] }) },
  page(
    'web-page',
    '.html',
    'text/html',
    (text) => `<html><body><h1>Prices</h1>${text}<table><tr><td>Pen</td><td>1</td></tr></table></body></html>`,
  ),
  page('api-answer', '.json', 'application/json', (text) => JSON.stringify({ items: [{ name: 'Pen', note: text }] })),
  upload(
    'mail',
    'request.eml.txt',
    (text) => `From: a@example.org\r\nTo: b@example.org\r\nSubject: Offer\r\n\r\n${text}\r\n`,
  ),
  upload('document', 'minutes.md', (text) => `# Minutes\n\n${text}\n`),
  upload('table', 'guests.csv', (text) => `name,remark\nAda,"${text.replaceAll('"', '""')}"\n`),
  upload('screenplay', 'scene.fountain.txt', (text) => `INT. OFFICE - DAY\n\nANNA\n${text}\n`),
  upload('program', 'report.py.txt', (text) => `"""${text}"""\nprint(1)\n`),
  upload('subtitles', 'film.srt.txt', (text) => `1\n00:00:01,000 --> 00:00:02,000\n${text}\n`),
  {
    id: 'database-row',
    place: (text, n) => ({
      row: text,
      reads: [{ tool: 'database_query', input: { query: 'select note from feedback where n = $1', params: [n] } }],
    }),
  },
  { id: 'earlier-step', place: (text) => ({ earlier: text, reads: [] }) },
  {
    id: 'two-files',
    place: (text) => {
      const half = Math.floor(text.length / 2)
      return {
        files: [
          { name: 'part-1.txt', text: text.slice(0, half) },
          { name: 'part-2.txt', text: `continued: ${text.slice(half)}` },
        ],
        reads: [
          { tool: 'read_file', input: { path: 'uploads/part-1.txt' } },
          { tool: 'read_file', input: { path: 'uploads/part-2.txt' } },
        ],
      }
    },
  },
]
