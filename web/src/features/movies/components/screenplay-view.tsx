import { useEffect, useRef } from 'react'
import { cx } from '../../../lib/cx.ts'
import type { PlayBlock } from '../lib/screenplay.ts'

/** A screenplay as on paper. The scene given is marked and kept in view; its heading can be pressed. */
export function ScreenplayView({
  blocks,
  scene,
  onScene,
  height,
}: {
  blocks: PlayBlock[]
  scene?: number | undefined
  onScene?: (scene: number) => void
  height?: number
}) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const heading = scene === undefined ? null : box.current?.querySelector<HTMLElement>(`[data-scene="${scene}"]`)
    if (heading && box.current) box.current.scrollTo({ top: heading.offsetTop - 16 })
  }, [scene])
  if (blocks.length === 0) return <p className="p-4 text-sm text-ink-3">No scene is written yet.</p>
  return (
    <div
      ref={box}
      role="region"
      aria-label="Screenplay"
      tabIndex={0}
      className="relative overflow-y-auto rounded-md border border-line bg-surface px-4 py-5 font-mono text-[13px] leading-5 sm:px-8"
      style={height ? { height } : undefined}
    >
      <div className="mx-auto max-w-[60ch]">
        {blocks.map((block, i) => {
          if (block.kind === 'heading')
            return (
              <h3
                key={i}
                data-scene={block.scene}
                className={cx(
                  '-mx-2 mt-5 mb-2 rounded px-2 py-0.5 font-bold first:mt-0',
                  block.scene === scene && 'bg-accent-soft text-accent-ink',
                )}
              >
                {onScene ? (
                  <button type="button" className="text-left hover:underline" onClick={() => onScene(block.scene)}>
                    {block.scene}. {block.text}
                  </button>
                ) : (
                  `${block.scene}. ${block.text}`
                )}
              </h3>
            )
          if (block.kind === 'action')
            return (
              <p key={i} className="mb-3 whitespace-pre-line">
                {block.text}
              </p>
            )
          if (block.kind === 'transition')
            return (
              <p key={i} className="mt-4 text-right">
                {block.text}
              </p>
            )
          return (
            <div key={i} className="mx-auto mb-3 max-w-[38ch]">
              <p className="pl-[10ch] font-semibold">{block.character}</p>
              {block.aside ? <p className="pl-[5ch] text-ink-2">({block.aside})</p> : null}
              <p>{block.text}</p>
            </div>
          )
        })}
      </div>
    </div>
  )
}
