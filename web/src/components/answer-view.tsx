import { dataParts, idsLast, labelOf, namesFirst, proseParts, shownValue, type TableData } from './data-parts.ts'
import { JsonView } from './json-view.tsx'

const SHOWN = 200

/** Whatever an agent answered, drawn by its shape: single values as facts, lists of records as tables, the rest as JSON. */
export function AnswerView({ data, label }: { data: Record<string, unknown>; label: string }) {
  return (
    <div className="flex flex-col gap-4">
      <AnswerFacts data={data} />
      <AnswerTables data={data} label={label} />
    </div>
  )
}

/** The single values of an answer. */
export function AnswerFacts({ data }: { data: Record<string, unknown> }) {
  const { facts } = dataParts(data)
  if (facts.length === 0) return null
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-2">
      {idsLast(facts).map(([name, value]) => (
        <div
          key={name}
          className={`min-w-0 rounded-md border border-line bg-sunken px-3 py-2 ${isLong(value) ? 'col-span-2' : ''}`}
        >
          <dt className="truncate text-2xs text-ink-3" title={name}>
            {labelOf(name)}
          </dt>
          <dd
            className={`tabular text-sm font-medium ${isLong(value) ? 'line-clamp-2 break-words' : 'truncate font-mono'}`}
            title={String(value)}
          >
            {shownValue(value, name)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

const isLong = (value: string | number | boolean) => String(value).length > 18

/** Sentences under their names, lists as lists. */
function Prose({ prose }: { prose: [string, string | string[]][] }) {
  return (
    <dl className="flex max-w-prose flex-col gap-3">
      {prose.map(([name, value]) => (
        <div key={name}>
          <dt className="text-2xs text-ink-3">{labelOf(name)}</dt>
          <dd className="text-sm break-words whitespace-pre-wrap">
            {typeof value === 'string' ? (
              value
            ) : (
              <ul className="list-disc pl-4">
                {value.map((one, i) => (
                  <li key={i}>{one}</li>
                ))}
              </ul>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The tables and texts of an answer, and what is neither as JSON. */
export function AnswerTables({ data, label }: { data: Record<string, unknown>; label: string }) {
  const { tables, groups, rest: other } = dataParts(data)
  const { prose, rest } = proseParts(other)
  const all = [...tables, ...groups]
  if (all.length + prose.length + Object.keys(rest).length === 0) return null
  return (
    <div className="flex flex-col gap-4">
      {prose.length > 0 ? <Prose prose={prose} /> : null}
      {all.map(([name, table]) => (
        <RecordTable key={name} name={name} table={table} label={label} />
      ))}
      {Object.keys(rest).length > 0 ? <JsonView value={rest} label={`${label}: more`} maxHeight={240} /> : null}
    </div>
  )
}

/** Records as a table; long ones are cut with a note. */
export function RecordTable({ name, table, label }: { name: string; table: TableData; label: string }) {
  const columns = namesFirst(table.columns)
  return (
    <figure className="m-0">
      <figcaption className="mb-1 text-xs font-medium text-ink-2" title={name}>
        {labelOf(name)}
      </figcaption>
      <div
        role="region"
        tabIndex={0}
        aria-label={`${label}: ${name}`}
        className="max-h-80 overflow-auto rounded-md border border-line"
      >
        <table className="w-full text-xs">
          <thead className="sticky top-0 bg-sunken text-left text-ink-2">
            <tr>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={`px-3 py-1.5 font-medium whitespace-nowrap ${isNumeric(table, column) ? 'text-right' : ''}`}
                >
                  {labelOf(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(0, SHOWN).map((row, i) => (
              <tr key={i} className="border-t border-line">
                {columns.map((column) => (
                  <td
                    key={column}
                    className={`px-3 py-1.5 align-top ${isNumeric(table, column) ? 'tabular text-right font-mono' : ''}`}
                  >
                    {shownValue(row[column], column)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.rows.length > SHOWN ? (
        <p className="mt-1 text-xs text-ink-3">
          The first {SHOWN} of {table.rows.length} rows.
        </p>
      ) : null}
    </figure>
  )
}

const isNumeric = (table: TableData, column: string) =>
  table.rows.some((row) => typeof row[column] === 'number') &&
  table.rows.every((row) => typeof row[column] !== 'string')
