import { Tag } from '../../../components/chip.tsx'
import { RemotePicture } from '../../../components/remote-picture.tsx'
import type { Sheet } from '../lib/characters.ts'

const isColor = (text: string) => /^#[0-9a-f]{3,8}$/i.test(text)

/** Characters as sheets: portrait, role, palette, and what is known of each. */
export function CharacterSheets({ sheets }: { sheets: Sheet[] }) {
  return (
    <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
      {sheets.map((sheet) => (
        <li key={sheet.name} className="overflow-hidden rounded-md border border-line bg-surface">
          <div className="flex items-center gap-3 border-b border-line bg-sunken p-3">
            {sheet.image ? (
              <RemotePicture
                src={sheet.image}
                alt={`Design of ${sheet.name}`}
                className="size-16 rounded-md object-cover"
              />
            ) : (
              <span
                aria-hidden="true"
                className="grid size-16 shrink-0 place-items-center rounded-md border border-line bg-surface text-2xl font-semibold text-movies"
              >
                {sheet.name.slice(0, 1)}
              </span>
            )}
            <div className="min-w-0">
              <h3 className="truncate text-base font-semibold">{sheet.name}</h3>
              <Tag>{sheet.role}</Tag>
              <span className="mt-1.5 flex gap-1">
                {sheet.palette.filter(isColor).map((color) => (
                  <span
                    key={color}
                    title={color}
                    className="size-4 rounded-sm border border-line"
                    style={{ background: color }}
                  />
                ))}
              </span>
            </div>
          </div>
          <dl className="flex flex-col gap-2 p-3 text-sm">
            {sheet.facts.map(([label, text]) => (
              <div key={label}>
                <dt className="text-2xs text-ink-3">{label}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}
