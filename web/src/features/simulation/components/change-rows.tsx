import { Plus, X } from 'lucide-react'
import { Button } from '../../../components/button.tsx'
import { Field, INPUT } from '../../../components/field.tsx'
import { type ChangeRow, shownValue, type WorldValues } from '../lib/changes.ts'

type Props = { world: WorldValues | undefined; rows: ChangeRow[]; onRows: (rows: ChangeRow[]) => void }

/** Variables to change in the loaded state: what would have been. */
export function ChangeRows({ world, rows, onRows }: Props) {
  if (!world) return null
  const owners = ['global', ...Object.keys(world.agents)]
  const variablesOf = (owner: string) =>
    Object.keys(owner === 'global' ? world.global_state : (world.agents[owner] ?? {})).filter((name) => name !== 'name')
  const edit = (i: number, part: Partial<ChangeRow>) =>
    onRows(rows.map((row, k) => (k === i ? { ...row, ...part } : row)))
  const firstOwner = owners.find((owner) => variablesOf(owner).length > 0) ?? 'global'
  const add = () => onRows([...rows, { owner: firstOwner, variable: variablesOf(firstOwner)[0] ?? '', value: '' }])
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-xs font-medium text-ink-2">Changed variables</legend>
      {rows.map((row, i) => (
        <div key={i} className="flex flex-wrap items-end gap-2">
          <Field label="Whose" className="w-32">
            {(props) => (
              <select
                {...props}
                className={INPUT}
                value={row.owner}
                onChange={(event) =>
                  edit(i, { owner: event.target.value, variable: variablesOf(event.target.value)[0] ?? '' })
                }
              >
                {owners.map((owner) => (
                  <option key={owner}>{owner}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Variable" className="min-w-28 flex-1">
            {(props) => (
              <select
                {...props}
                className={INPUT}
                value={row.variable}
                onChange={(event) => edit(i, { variable: event.target.value })}
              >
                {variablesOf(row.owner).map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={`New value (now ${shownValue(world, row)})`} className="min-w-40 flex-1">
            {(props) => (
              <input
                {...props}
                className={INPUT}
                value={row.value}
                onChange={(event) => edit(i, { value: event.target.value })}
              />
            )}
          </Field>
          <Button
            look="quiet"
            icon={X}
            aria-label={`Do not change ${row.owner} ${row.variable}`}
            onClick={() => onRows(rows.filter((_, k) => k !== i))}
          />
        </div>
      ))}
      <Button size="sm" icon={Plus} onClick={add} className="self-start">
        Change a variable
      </Button>
    </fieldset>
  )
}
