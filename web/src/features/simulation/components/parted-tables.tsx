import { formatNumber, plural } from '../../../lib/format.ts'
import type { Comparison } from '../types.ts'

const SHOWN = 100

const word = (value: unknown): string =>
  value === null || value === undefined
    ? '–'
    : typeof value === 'number'
      ? formatNumber(value, 4)
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)

const CELL = 'max-w-56 truncate px-3 py-1.5'
const NUMBER = `${CELL} tabular text-right font-mono text-xs`

/** Every variable that differs, by the turn it first does; a name shows its lines. */
export function PartedTable({
  variables,
  onOpen,
}: {
  variables: Comparison['variables']
  onOpen: (variable: string) => void
}) {
  return (
    <section aria-label="Variables that differ" className="panel overflow-hidden">
      <h2 className="border-b border-line px-3 py-2 text-xs font-medium text-ink-2">
        {plural(variables.length, 'variable')} {variables.length === 1 ? 'differs' : 'differ'}
        {variables.length > SHOWN ? `, the first ${SHOWN} shown` : ''}
      </h2>
      <div role="region" aria-label="Where variables part" tabIndex={0} className="max-h-80 overflow-auto">
        <table className="w-full text-sm">
          <thead className="sticky top-0 bg-surface text-left text-xs text-ink-2">
            <tr>
              <th className={CELL}>Variable</th>
              <th className={NUMBER}>From turn</th>
              <th className={NUMBER}>First run</th>
              <th className={NUMBER}>Second run</th>
              <th className={NUMBER}>At the end</th>
              <th className={NUMBER}>Farthest apart</th>
            </tr>
          </thead>
          <tbody>
            {variables.slice(0, SHOWN).map((one) => (
              <tr key={one.name} className="border-t border-line">
                <td className={CELL}>
                  <button
                    type="button"
                    onClick={() => onOpen(one.variable)}
                    className="rounded font-medium text-accent-ink underline-offset-2 hover:underline"
                  >
                    {one.name}
                  </button>
                </td>
                <td className={NUMBER}>{one.first_turn}</td>
                <td className={NUMBER} title={word(one.a)}>
                  {word(one.a)}
                </td>
                <td className={NUMBER} title={word(one.b)}>
                  {word(one.b)}
                </td>
                <td className={NUMBER} title={`${word(one.last_a)} / ${word(one.last_b)}`}>
                  {word(one.last_a)} / {word(one.last_b)}
                </td>
                <td className={NUMBER}>{one.max_difference === null ? '–' : formatNumber(one.max_difference, 4)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** What was set differently. */
export function SettingsTable({ settings }: { settings: Comparison['settings'] }) {
  return (
    <section aria-label="Settings that differ" className="panel overflow-hidden">
      <h2 className="border-b border-line px-3 py-2 text-xs font-medium text-ink-2">Set differently</h2>
      <div role="region" aria-label="Settings" tabIndex={0} className="max-h-64 overflow-auto">
        <table className="w-full text-sm">
          <thead className="text-left text-xs text-ink-2">
            <tr>
              <th className={CELL}>Setting</th>
              <th className={NUMBER}>First run</th>
              <th className={NUMBER}>Second run</th>
            </tr>
          </thead>
          <tbody>
            {settings.map(({ path, a, b }) => (
              <tr key={path} className="border-t border-line">
                <td className={`${CELL} font-mono text-xs`} title={path}>
                  {path}
                </td>
                <td className={NUMBER} title={word(a)}>
                  {word(a)}
                </td>
                <td className={NUMBER} title={word(b)}>
                  {word(b)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
