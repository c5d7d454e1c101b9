import type { FrameJob } from '../../media-port.ts'
import { drawFrame } from '../frame/draw-frame.ts'
import { addSource } from '../render/png-source.ts'
import { type Maker, result, stopIfGivenUp } from './studio-work.ts'

export const LOCAL_MODEL = 'local-studio'

/** Writes a drawing as PNG with its SVG inside; when it cannot be rendered, the SVG itself. */
export const writeDrawing = async (
  svg: string,
  work: Parameters<Maker<'frame'>>[1],
  tools: Parameters<Maker<'frame'>>[2],
) => {
  try {
    const png = addSource(await tools.images.png(svg), svg)
    return { file: await work.files.write(`${work.path}.png`, png, 'image/png'), warnings: [] as string[] }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const file = await work.files.write(`${work.path}.svg`, new TextEncoder().encode(svg), 'image/svg+xml')
    return { file, warnings: [`the picture is kept as SVG: ${reason}`] }
  }
}

export const makeFrame: Maker<'frame'> = async (job: FrameJob, work, tools) => {
  stopIfGivenUp(work)
  const { svg } = drawFrame(job)
  work.onProgress(0.5, 'rendering')
  const { file, warnings } = await writeDrawing(svg, work, tools)
  return result<'frame'>(
    {
      frame_id: job.frame.frame_id,
      image_url: file.url,
      negative_prompts: job.negative_prompts,
      provider_metadata: { seed: job.seed, model: LOCAL_MODEL, steps: 1, inference_time_ms: 0 },
    },
    { file, warnings },
  )
}
