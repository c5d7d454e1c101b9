import fs from 'node:fs'
import path from 'node:path'
import type { Artifact, GeneratedFrames, WorkflowResponse } from '../../movies/schema.ts'
import type { Client } from '../client.ts'

export type Collected = { name: string; bytes: number; loss: string[] }
type ExportRow = { format: string; available: boolean; name: string | null; loss: string[] }

/** Writes what the film consists of into a folder: the film, its pictures, and every export there is. */
export async function collectFiles(client: Client, film: WorkflowResponse, folder: string): Promise<Collected[]> {
  fs.mkdirSync(folder, { recursive: true })
  const base = `/api/v1/workflows/${film.workflow_id}`
  const files: Collected[] = []
  const save = async (name: string, url: string, loss: string[] = []) => {
    const response = await client.fetch(url)
    if (!response.ok) throw new Error(`${name} could not be fetched: the server answered ${response.status}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    const file = path.join(folder, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, bytes)
    files.push({ name, bytes: bytes.byteLength, loss })
  }
  const artifact = async (name: string): Promise<Artifact | null> => {
    const response = await client.fetch(`${base}/artifacts/${name}`)
    return response.ok ? ((await response.json()) as Artifact) : null
  }
  const edit = await artifact('final_edit')
  if (edit?.file) await save(`film${path.extname(edit.file.url)}`, edit.file.url)
  const { exports } = await client.call<{ exports: ExportRow[] }>('GET', `${base}/exports`)
  for (const row of exports)
    if (row.available && row.name) await save(exportName(row), `${base}/exports/${row.format}`, row.loss)
  const frames = (await artifact('generated_frames'))?.content as GeneratedFrames | undefined
  for (const frame of frames?.frames ?? [])
    await save(path.join('frames', `${frame.frame_id}${path.extname(frame.image_url) || '.png'}`), frame.image_url)
  return files
}

/** `storyboard_pdf` -> storyboard.pdf; the title is the folder's name already. */
const exportName = ({ format, name }: ExportRow) =>
  `${format.replace(/_[a-z0-9]+$/, '').replaceAll('_', '-')}${path.extname(name!)}`
