import fs from 'node:fs'
import path from 'node:path'
import { parse as parseYaml } from 'yaml'
import type { Client } from '../client.ts'
import { CliError } from '../io.ts'

export type FilmFile = {
  film: Record<string, unknown> & { title: string }
  run: Record<string, unknown>
  screenplay: string | null
}

const SCREENPLAY = /\.(fountain|fdx)$/i
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A film file (YAML with `film` and `run`), or a screenplay as it is. Throws CliError that names what is missing. */
export function readFilm(file: string): FilmFile {
  if (!fs.existsSync(file)) throw new CliError(`no such file: ${file}`)
  if (SCREENPLAY.test(file)) return { film: { title: '' }, run: {}, screenplay: file }
  let content: unknown
  try {
    content = parseYaml(fs.readFileSync(file, 'utf8'), { schema: 'core' })
  } catch (error) {
    throw new CliError(`${file} is not valid YAML: ${(error as Error).message.split('\n')[0]}`)
  }
  const film = isRecord(content) ? content['film'] : undefined
  if (!isRecord(content) || !isRecord(film) || typeof film['title'] !== 'string')
    throw new CliError(`${file} needs a "film:" with at least title and description; see examples/lighthouse.yaml`)
  const { run = {}, screenplay } = content
  if (!isRecord(run)) throw new CliError(`${file}: "run:" must be a mapping, for example custom_parameters: {…}`)
  return {
    film: film as FilmFile['film'],
    run,
    screenplay: typeof screenplay === 'string' ? path.resolve(path.dirname(file), screenplay) : null,
  }
}

export type Started = { workflow_id: string; title: string; loss: string[] }

/** Makes the project and starts its workflow; a screenplay is read by the server first. */
export async function startFilm(
  client: Client,
  { film, run, screenplay }: FilmFile,
  parameters: Record<string, unknown>,
): Promise<Started> {
  const read = screenplay ? await readScreenplay(client, screenplay) : null
  const title = film.title || read?.title || 'Untitled'
  const project = await client.call<{ project_id: string }>('POST', '/api/v1/projects', {
    ...(read?.description ? { description: read.description } : {}),
    ...film,
    title,
  })
  const given = isRecord(run['custom_parameters']) ? run['custom_parameters'] : {}
  const supplied = isRecord(given['artifacts']) ? given['artifacts'] : {}
  const artifacts = { ...read?.artifacts, ...supplied }
  const made = await client.call<{ workflow_id: string }>('POST', '/api/v1/workflows', {
    workflow_type: 'movie_creation',
    ...run,
    project_id: project.project_id,
    custom_parameters: {
      ...given,
      ...parameters,
      ...(Object.keys(artifacts).length > 0 ? { artifacts } : {}),
    },
  })
  return { workflow_id: made.workflow_id, title, loss: read?.loss ?? [] }
}

type Read = { title: string | null; description: string; artifacts: Record<string, unknown>; loss: string[] }

function readScreenplay(client: Client, file: string): Promise<Read> {
  if (!fs.existsSync(file)) throw new CliError(`no such screenplay: ${file}`)
  return client.call<Read>('POST', '/api/v1/screenplays/import', {
    name: path.basename(file),
    content_base64: fs.readFileSync(file).toString('base64'),
  })
}
