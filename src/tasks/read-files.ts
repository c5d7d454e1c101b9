import fs from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import type { Reader } from '../kernel/db/database.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import { HttpReply } from '../kernel/http/route.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { openSandbox, type Sandbox } from '../kernel/tools/sandbox.ts'
import { artifactsRoot, openPublished, openUploads, openWorkspace, PUBLISHED } from './folders.ts'
import { mimeTypeOf } from './mime-types.ts'
import type { ArtifactsInfoReply, FileAttachment, TaskFile, TaskFilesReply } from './schema.ts'
import { readTask, taskNotFound } from './store/read-task.ts'

/** A file from a sandbox as an answer; pages and charts are always sandboxed in the browser. */
export async function fileReply(
  sandbox: Sandbox,
  given: string,
  options: { download?: string; sandboxed?: boolean } = {},
): Promise<HttpReply> {
  const real = await sandbox.realPath(given)
  const stat = await fs.promises.stat(real)
  if (!stat.isFile()) throw new AppError('FILE_NOT_FOUND', `${given} is not a file`, { path: given })
  const type = mimeTypeOf(real)
  return new HttpReply(200, fs.createReadStream(real), {
    'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    'content-length': String(stat.size),
    ...(options.sandboxed ? { 'content-security-policy': 'sandbox' } : {}),
    ...(options.download
      ? { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(options.download)}` }
      : {}),
  })
}

async function requireTask(db: Reader, id: string): Promise<FileAttachment[]> {
  const { rows } = await db.query('select attachments from tasks.tasks where id = $1', [id])
  if (!rows[0]) throw taskNotFound(id)
  return rows[0]['attachments'] as FileAttachment[]
}

/** Everything attached to, written by and published for a task (2.2.5). */
export async function listTaskFiles({ config, db }: Kernel, id: string): Promise<TaskFilesReply> {
  const task = await readTask(db, id)
  const ids = task.subtasks.map((subtask) => subtask.id)
  const makers = await makersOf(db, id)
  const owner = (file: string) =>
    ids.find((subtask) => file.includes(subtask)) ?? makers.get(file) ?? makers.get(`output/${file}`) ?? null
  const asFile =
    (prefix: string) =>
    (file: { path: string; bytes: number }): TaskFile => ({
      path: `${prefix}${file.path}`,
      size: file.bytes,
      mime_type: mimeTypeOf(file.path),
      subtask_id: owner(file.path),
    })
  const workspace = await openWorkspace(config, id)
  const outputs = await listOrNone(workspace, 'output')
  const artifacts: TaskFile[] = []
  for (const folder of PUBLISHED)
    artifacts.push(
      ...(await listOrNone(await openPublished(config, folder, id), '.')).map(asFile(`artifacts/${folder}/${id}/`)),
    )
  return {
    attachments: task.attachments,
    outputs: outputs.map((file) => asFile('')({ ...file, path: file.path.replace(/^output\//, '') })),
    artifacts,
  }
}

/** Which subtask says that it made a file, by the path it gave. */
async function makersOf(db: Reader, id: string): Promise<Map<string, string>> {
  const { rows } = await db.query(
    `select subtask_id, jsonb_array_elements_text(output -> 'files_created') as file from tasks.subtask_results
      where task_id = $1 and status = 'completed' and jsonb_typeof(output -> 'files_created') = 'array' order by id`,
    [id],
  )
  return new Map(rows.map((row) => [row['file'] as string, row['subtask_id'] as string]))
}

async function listOrNone(sandbox: Sandbox, folder: string) {
  try {
    return await sandbox.list(folder)
  } catch (error) {
    if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return [] // nothing was written yet
    throw error
  }
}

export async function attachmentReply({ config, db }: Kernel, id: string, filename: string): Promise<HttpReply> {
  const attachments = await requireTask(db, id)
  const sandbox = await openUploads(config, id)
  const original = attachments.find((file) => file.filename === filename)?.original_filename
  return fileReply(sandbox, filename, { download: original ?? filename })
}

export async function outputReply({ config, db }: Kernel, id: string, given: string): Promise<HttpReply> {
  await requireTask(db, id)
  const sandbox = await openSandbox({
    root: path.join(path.resolve(config.tasks.sharedFilesPath), id, 'output'),
    writable: [],
  })
  return fileReply(sandbox, given, { download: path.basename(given), sandboxed: true })
}

/** The whole output of a subtask, also when it is kept by reference (3.8). */
export async function subtaskOutput({ config, db }: Kernel, id: string, subtaskId: string): Promise<unknown> {
  await requireTask(db, id)
  const { rows } = await db.query(
    `select output from tasks.subtask_results where task_id = $1 and subtask_id = $2 and status = 'completed' order by attempt desc limit 1`,
    [id, subtaskId],
  )
  const output = rows[0]?.['output']
  if (!output) throw new AppError('FILE_NOT_FOUND', `Subtask ${subtaskId} has no output yet`, { subtask_id: subtaskId })
  if (!output.result_ref) return output
  const real = await (await openWorkspace(config, id)).realPath(output.result_ref.path)
  return JSON.parse(await fs.promises.readFile(real, 'utf8'))
}

const FOLDER = /^(task_\d{12}_[0-9a-f]{12})_\d{8}_\d{6}$/

async function folderSandbox({ config }: Kernel, folder: string): Promise<Sandbox> {
  if (!FOLDER.test(folder)) {
    if (/[\\/]|\.\./.test(folder))
      throw new AppError('PATH_NOT_ALLOWED', `${folder} leaves the results folder`, { path: folder })
    throw new AppError('FILE_NOT_FOUND', `No result folder ${folder}`, { path: folder })
  }
  const root = path.join(artifactsRoot(config), 'results', folder)
  if (!fs.existsSync(root)) throw new AppError('FILE_NOT_FOUND', `No result folder ${folder}`, { path: folder })
  return openSandbox({ root, writable: [] })
}

const describePage = (file: { path: string; bytes: number }) => {
  const [, subtask = '', agent = ''] = /^(.+?)_(agent_\d+|orchestrator|agent)\.html$/.exec(file.path) ?? []
  return { name: file.path, subtask_id: subtask, agent_id: agent, size: file.bytes }
}

export async function listResultFolders({ config }: Kernel) {
  const root = path.join(artifactsRoot(config), 'results')
  const names = fs.existsSync(root) ? (await fs.promises.readdir(root)).filter((name) => FOLDER.test(name)) : []
  const folders = await Promise.all(
    names.map(async (name) => {
      const files = await (await openSandbox({ root: path.join(root, name), writable: [] })).list()
      const [, taskId = ''] = FOLDER.exec(name) ?? []
      const [y, m, d, H, M, S] = /_(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})$/.exec(name)!.slice(1)
      return {
        name,
        task_id: taskId,
        created_at: `${y}-${m}-${d}T${H}:${M}:${S}.000Z`,
        files: files.length,
        size: files.reduce((sum, file) => sum + file.bytes, 0),
      }
    }),
  )
  return {
    folders: folders.sort((a, b) =>
      a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : a.name < b.name ? 1 : -1,
    ),
  }
}

export async function listResultFolder(kernel: Kernel, folder: string) {
  return { name: folder, files: (await (await folderSandbox(kernel, folder)).list()).map(describePage) }
}

export async function resultPageReply(
  kernel: Kernel,
  folder: string,
  file: string,
  download: boolean,
): Promise<HttpReply> {
  return fileReply(await folderSandbox(kernel, folder), file, {
    sandboxed: true,
    ...(download ? { download: file } : {}),
  })
}

export async function resultArchive(kernel: Kernel, folder: string): Promise<HttpReply> {
  const sandbox = await folderSandbox(kernel, folder)
  const entries: Record<string, Uint8Array> = {}
  for (const file of await sandbox.list())
    entries[file.path] = await fs.promises.readFile(await sandbox.realPath(file.path))
  return new HttpReply(200, Buffer.from(zipSync(entries)), {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="${folder}_results.zip"`,
  })
}

/** `images`, `reports` and `data` only (2.2.8). */
export async function artifactReply({ config }: Kernel, given: string, download: boolean): Promise<HttpReply> {
  const [folder, ...rest] = given.split('/')
  if (!PUBLISHED.some((name) => name === folder))
    throw new AppError('FILE_NOT_FOUND', `Only ${PUBLISHED.join(', ')} are published here`, { path: given })
  return fileReply(
    await openSandbox({ root: path.join(artifactsRoot(config), folder!), writable: [] }),
    rest.join('/'),
    { sandboxed: true, ...(download ? { download: path.posix.basename(given) } : {}) },
  )
}

const mb = (bytes: number) => Math.round((bytes / 1_048_576) * 100) / 100

/** Counts and sizes of the published folders (3.9.4). */
export async function artifactsInfo({ config }: Kernel): Promise<ArtifactsInfoReply> {
  const root = artifactsRoot(config)
  const measure = async (name: string) => {
    const dir = path.join(root, name)
    const files = fs.existsSync(dir)
      ? await (await openSandbox({ root: dir, writable: [] })).list('.', { limit: 1_000_000 })
      : []
    return { count: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) }
  }
  const names = ['results', 'uploads', 'reports', 'data', 'images'] as const
  const measured = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await measure(name)] as const)),
  ) as Record<(typeof names)[number], { count: number; bytes: number }>
  const shown = Object.fromEntries(
    names.map((name) => [name, { count: measured[name].count, size_mb: mb(measured[name].bytes) }]),
  ) as Record<(typeof names)[number], { count: number; size_mb: number }>
  return {
    base_directory: config.tasks.artifactsPath,
    ...shown,
    total_files: names.reduce((sum, name) => sum + measured[name].count, 0),
    total_size_mb: mb(names.reduce((sum, name) => sum + measured[name].bytes, 0)),
  }
}
