import { z } from 'zod'
import type { MediaWork } from '../../media-port.ts'

/** What a process that takes a task over must know of its job: it may be on its way, it is there, it is over. */
const Note = z.discriminatedUnion('state', [
  z.object({ state: z.literal('submitting') }),
  z.object({ state: z.literal('submitted'), job: z.string() }),
  z.object({ state: z.literal('ended') }),
])
export type JobNote = z.infer<typeof Note>

/**
 * A small file beside the results, written before a submission leaves: after a kill at any moment the next process finds the
 * job instead of paying for a second one.
 */
export function jobNote(work: Pick<MediaWork, 'files' | 'path'>) {
  const path = `jobs/${work.path}.json`
  return {
    async read(): Promise<JobNote | null> {
      const bytes = await work.files.read(path).catch((error: { code?: string }) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      if (!bytes) return null
      const note = Note.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
      return note.state === 'ended' ? null : note
    },
    async write(note: JobNote): Promise<void> {
      await work.files.write(path, Buffer.from(JSON.stringify(note)), 'application/json')
    },
  }
}
