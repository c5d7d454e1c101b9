/** A text area with line numbers; lines with problems are marked. */
export function NumberedText({
  value,
  onChange,
  marks,
}: {
  value: string
  onChange: (text: string) => void
  marks: number[]
}) {
  const lines = value.split('\n').length
  return (
    <div
      role="region"
      aria-label="Configuration"
      tabIndex={0}
      className="flex h-72 overflow-auto rounded-md border border-line-strong bg-surface font-mono text-xs leading-5"
    >
      <ol
        aria-hidden="true"
        className="sticky left-0 h-max shrink-0 bg-sunken py-2 pr-2 pl-3 text-right text-ink-3 select-none"
      >
        {Array.from({ length: lines }, (_, i) => (
          <li key={i} className={marks.includes(i + 1) ? 'font-semibold text-failed-ink' : undefined}>
            {i + 1}
          </li>
        ))}
      </ol>
      <textarea
        aria-label="Configuration as YAML"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        style={{ height: lines * 20 + 16 }}
        className="min-h-full flex-1 resize-none bg-transparent px-3 py-2 whitespace-pre outline-none"
        wrap="off"
      />
    </div>
  )
}
