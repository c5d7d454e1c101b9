import type { ConfigProblem } from '../types.ts'

/** What is wrong with a configuration: line, path, what was expected, and the remedy. */
export function Problems({ problems }: { problems: ConfigProblem[] }) {
  return (
    <section
      aria-label="Problems"
      role="alert"
      className="rounded-md border border-failed/40 bg-failed-soft p-3 text-sm text-failed-ink"
    >
      <p className="mb-1.5 font-semibold">{problems.length === 1 ? 'One problem' : `${problems.length} problems`}</p>
      <ol className="flex flex-col gap-1.5">
        {problems.map((problem, i) => (
          <li key={`${problem.path}${i}`} className="flex gap-2.5">
            <span className="tabular w-12 shrink-0 text-right text-xs">
              {problem.line ? `line ${problem.line}` : ''}
            </span>
            <span>
              <code className="text-xs font-semibold">{problem.path}</code> {problem.message}
              {problem.remedy ? <span className="block text-xs text-ink-2">{problem.remedy}</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
