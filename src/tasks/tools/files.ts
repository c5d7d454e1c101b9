import { z } from 'zod'
import { normaliseRelative } from '../../kernel/tools/sandbox-path.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { openUploads, openWorkspace } from '../folders.ts'
import { writeLocked } from '../lock-file.ts'
import { shownContextFile, storedContextFile } from '../write-context.ts'
import type { TaskToolContext } from './context.ts'

const MB = 1_048_576

/** Uploads are read as `uploads/…` or by the path of their attachment; everything else is the task's workspace. */
async function locate({ kernel, assignment }: TaskToolContext, given: string) {
  const match = new RegExp(`^(?:artifacts/uploads/${assignment.subject}|uploads)(?:/(.*))?$`).exec(given)
  if (match)
    return { sandbox: await openUploads(kernel.config, assignment.subject), inner: match[1] || '.', prefix: 'uploads/' }
  const inner = storedContextFile(given, assignment.key)
  return { sandbox: await openWorkspace(kernel.config, assignment.subject), inner, prefix: '' }
}

export const readFileTool = defineTool<{ path: string; offset: number; max_bytes: number }, unknown, TaskToolContext>({
  name: 'read_file',
  title: 'Read a file',
  description: 'Reads a file of the task: text, or base64 when it is binary.',
  input: z.object({
    path: z.string().min(1).max(1000),
    offset: z.number().int().min(0).default(0),
    max_bytes: z
      .number()
      .int()
      .min(1)
      .max(50 * MB)
      .default(MB),
  }) as never,
  touches: ['files'],
  approval: 'never',
  summarise: ({ path }) => path,
  async run(ctx, { path, offset, max_bytes }) {
    const { sandbox, inner } = await locate(ctx, path)
    const { data, totalBytes } = await sandbox.read(inner, { offset, maxBytes: max_bytes })
    const isText = !data.includes(0) && Buffer.from(data.toString('utf8')).length === data.length
    return {
      path,
      encoding: isText ? 'utf8' : 'base64',
      content: data.toString(isText ? 'utf8' : 'base64'),
      bytes: data.length,
      total_bytes: totalBytes,
    }
  },
})

export const writeFileTool = defineTool<
  { path: string; content: string; encoding: 'utf8' | 'base64' },
  { path: string; bytes: number },
  TaskToolContext
>({
  name: 'write_file',
  title: 'Write a file',
  description: 'Writes a file below output/ of the task.',
  input: z.object({
    path: z.string().min(1).max(1000),
    content: z.string(),
    encoding: z.enum(['utf8', 'base64']).default('utf8'),
  }) as never,
  touches: ['files'],
  approval: 'edits',
  summarise: ({ path }) => path,
  async run(ctx, { path, content, encoding }) {
    const { sandbox } = await locate(ctx, '.')
    const inner = `output/${normaliseRelative(path).replace(/^output\//, '')}`
    return writeLocked(ctx.kernel, ctx.assignment, { sandbox, inner, path: inner }, () =>
      sandbox.write(inner, Buffer.from(content, encoding)),
    )
  },
})

export const listFilesTool = defineTool<{ path: string }, { files: { path: string; size: number }[] }, TaskToolContext>(
  {
    name: 'list_files',
    title: 'List files',
    description: 'Names and sizes of the files below a folder of the task.',
    input: z.object({ path: z.string().default('.') }) as never,
    touches: ['files'],
    approval: 'never',
    async run(ctx, { path }) {
      const { sandbox, inner, prefix } = await locate(ctx, path)
      const files = (await sandbox.list(inner)).flatMap((file) => {
        const shown = prefix === '' ? shownContextFile(file.path, ctx.assignment.key) : file.path
        return shown === undefined ? [] : [{ path: `${prefix}${shown}`, size: file.bytes }]
      })
      if (normaliseRelative(path) !== '.') return { files }
      const uploads = await (await openUploads(ctx.kernel.config, ctx.assignment.subject)).list()
      return { files: [...files, ...uploads.map((file) => ({ path: `uploads/${file.path}`, size: file.bytes }))] }
    },
  },
)
