import { lazy, Suspense } from 'react'

const View = lazy(() => import('./markdown-view.tsx'))

/** Markdown, safe for text that agents wrote. The parser is loaded when first needed; until then the text is shown as it is. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<div className="max-w-[72ch] text-sm whitespace-pre-wrap">{text}</div>}>
      <View text={text} />
    </Suspense>
  )
}
