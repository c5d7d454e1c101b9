import { Button } from '../../../components/button.tsx'
import { Tag } from '../../../components/chip.tsx'
import type { ConceptOption } from '../lib/decision-facts.ts'

/** Concepts side by side, each with the button that takes it. */
export function ConceptOptions({
  concepts,
  busy,
  onChoose,
}: {
  concepts: ConceptOption[]
  busy: boolean
  onChoose: (choice: string) => void
}) {
  return (
    <ul aria-label="Concepts" className="grid gap-3 sm:grid-cols-2">
      {concepts.map((concept, i) => (
        <li key={concept.choice} className="flex flex-col gap-2 rounded-md border border-line bg-sunken p-3 text-sm">
          <p className="font-semibold">
            {i + 1}. {concept.title}
          </p>
          <p>{concept.logline}</p>
          <p className="text-ink-2">{concept.conflict}</p>
          <p className="mt-auto flex flex-wrap gap-1">
            {concept.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </p>
          <Button look={i === 0 ? 'primary' : 'secondary'} disabled={busy} onClick={() => onChoose(concept.choice)}>
            Take concept {i + 1}
          </Button>
        </li>
      ))}
    </ul>
  )
}
