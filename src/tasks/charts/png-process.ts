// The process behind draw-png.ts: SVG in, PNG out, one message each. It ends with its parent.
import { renderPng } from './render-png.ts'

process.on('disconnect', () => process.exit(0))
process.on('message', ({ id, svg }: { id: number; svg: string }) => {
  renderPng(svg).then(
    (png) => process.send!({ id, png }),
    (error: Error) => process.send!({ id, error: error.message }),
  )
})
