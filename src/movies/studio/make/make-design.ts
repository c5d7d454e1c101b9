import type { DesignJob } from '../../media-port.ts'
import { drawDesign } from '../frame/draw-design.ts'
import { writeDrawing } from './make-frame.ts'
import { type Maker, result, stopIfGivenUp } from './studio-work.ts'

export const makeDesign: Maker<'design'> = async (job: DesignJob, work, tools) => {
  stopIfGivenUp(work)
  const { file, warnings } = await writeDrawing(drawDesign(job), work, tools)
  return result<'design'>({ image_url: file.url }, { file, warnings })
}
