// Where the files of a task are on the server, and how they come into a folder.
import fs from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Task, TaskFilesReply } from '../../tasks/schema.ts'
import type { Client } from '../client.ts'
import { CliError } from '../io.ts'

/** `at` is the path below the server's address, `name` the place in a folder of downloads. */
export type TaskDownload = { kind: 'page' | 'chart' | 'file'; at: string; name: string; size: number | undefined }

const encoded = (file: string) => file.split('/').map(encodeURIComponent).join('/')

/** Pages, charts and files of a task; the machinery's own (`result.json`, rows for later steps) are left out. */
export function downloadsOf(task: Task, files: TaskFilesReply): TaskDownload[] {
  const pages = [...new Set(task.result?.subtask_results.flatMap(({ output }) => output?.html_file ?? []) ?? [])].map(
    (file): TaskDownload => {
      const [folder = '', page = ''] = file.split('/').slice(-2)
      return { kind: 'page', at: `/results/${encoded(`${folder}/${page}`)}`, name: `pages/${page}`, size: undefined }
    },
  )
  const outputs = files.outputs
    .filter(({ path: file }) => !/(^|\/)(result|rows)\.json$/.test(file))
    .map(
      (file): TaskDownload => ({
        kind: 'file',
        at: `/tasks/${task.id}/outputs/${encoded(file.path)}`,
        name: file.path,
        size: file.size,
      }),
    )
  const artifacts = files.artifacts.map((file): TaskDownload => {
    const isImage = file.path.startsWith('artifacts/images/')
    return {
      kind: isImage ? 'chart' : 'file',
      at: `/${encoded(file.path)}`,
      name: file.path.replace(/^artifacts\//, '').replace(`${task.id}/`, ''),
      size: file.size,
    }
  })
  return [...pages, ...artifacts, ...outputs]
}

/** Writes every download below `folder`, whole or not at all each; returns the paths. A file of the same name is replaced. */
export async function saveDownloads(
  client: Client,
  downloads: readonly TaskDownload[],
  folder: string,
): Promise<string[]> {
  const root = path.resolve(folder)
  const saved: string[] = []
  for (const { at, name } of downloads) {
    const target = path.join(root, name)
    if (!target.startsWith(root + path.sep)) throw new CliError(`${name} would leave ${folder}`, 1)
    const response = await client.fetch(at)
    if (!response.ok || !response.body) throw new CliError(`${at} cannot be downloaded: ${response.status}`, 1)
    await fs.promises.mkdir(path.dirname(target), { recursive: true })
    const part = `${target}.part`
    await pipeline(Readable.fromWeb(response.body as never), fs.createWriteStream(part))
    await fs.promises.rename(part, target)
    saved.push(target)
  }
  return saved
}
