import { Undo2 } from 'lucide-react'
import { Button } from '../../../components/button.tsx'
import { toMs } from '../../../lib/format.ts'
import { useNow } from '../../../lib/use-now.ts'
import type { Decision } from '../api/decisions.ts'
import { answerText } from './answers-table.tsx'

/** Answers that take effect in a moment, and can be taken back until then. */
export function OnTheirWay({ staged, onUndo }: { staged: Decision[]; onUndo: (id: string) => void }) {
  const now = useNow()
  if (staged.length === 0) return null
  return (
    <section aria-label="Answers on their way" className="border-t border-line bg-sunken px-3 py-2">
      <h2 className="text-xs font-medium text-ink-2">On their way</h2>
      <ul className="mt-1 flex flex-col gap-1.5">
        {staged.map((one) => (
          <li key={one.id} className="flex items-center gap-2 text-sm">
            <span className="min-w-0 flex-1">
              <span className="block truncate">{one.title}</span>
              <span className="tabular block text-xs text-ink-2">
                {answerText({ ...one, answer: one.staged?.answer ?? null })} by {one.staged?.by_name}, in{' '}
                {Math.max(0, Math.ceil(((toMs(one.staged_until) ?? now) - now) / 1000))} s
              </span>
            </span>
            <Button size="sm" icon={Undo2} onClick={() => onUndo(one.id)}>
              Undo
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
