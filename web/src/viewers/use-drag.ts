import { useRef, useState } from 'react'

/** Dragging over a drawing: the box while it lasts, and both ends in pixels from `gutter` when it is done. */
export function useDrag(gutter: number, done: (from: number, to: number) => void) {
  const start = useRef<number | undefined>(undefined)
  const [box, setBox] = useState<[number, number] | undefined>()
  const at = (event: React.PointerEvent<SVGSVGElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left - gutter
  return {
    box,
    handlers: {
      onPointerDown: (event: React.PointerEvent<SVGSVGElement>) => {
        if (at(event) > 0 && event.button === 0) start.current = at(event)
      },
      onPointerMove: (event: React.PointerEvent<SVGSVGElement>) => {
        const from = start.current
        if (from === undefined) return
        const to = Math.max(0, at(event))
        if (Math.abs(to - from) > 4) setBox([Math.min(from, to), Math.max(from, to)])
      },
      onPointerUp: () => {
        if (box) done(box[0], box[1])
        start.current = undefined
        setBox(undefined)
      },
      onPointerLeave: () => {
        start.current = undefined
        setBox(undefined)
      },
    },
  }
}
