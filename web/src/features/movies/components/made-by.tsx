/** Said wherever nothing but templates or placeholders made what is shown. */
export function DraftLabel({
  title = 'Made from templates or placeholders: no model or media service is configured.',
}: {
  title?: string
}) {
  return (
    <span
      title={title}
      className="hatched inline-flex h-5 items-center rounded px-1.5 text-2xs whitespace-nowrap text-draft-ink"
    >
      made without a model
    </span>
  )
}
