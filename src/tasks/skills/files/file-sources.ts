import { fileNamesIn, namedSources, openNamed, rowsOfData, type SourceFile } from '../find-table.ts'
import type { SkillPorts, SkillRequest } from '../skill.ts'
import { invalid } from '../skill-error.ts'
import type { FileTask } from './read-file-task.ts'
import { type Kind, kindOf } from './source-kind.ts'

export type Source = SourceFile & { kind: Kind }

/** The words that tell what the source is: before "to FORMAT" they cannot mean the target. */
const sourceWords = (description: string): string => description.split(/\b(?:to|into|as)\b/i)[0] ?? ''

/** Files of a step: those it names, else all attachments, else the files that prerequisites made. Throws INVALID_INPUT when there are none. */
export async function openSources(request: SkillRequest, ports: SkillPorts): Promise<Source[]> {
  const said = sourceWords(request.description)
  const withKind = (file: SourceFile): Source => ({ ...file, kind: kindOf(file.name, file.bytes, said) })
  const names = namedSources(request)
  if (names.length > 0) return Promise.all(names.map(async (name) => withKind(await openNamed(name, request, ports))))
  if (request.attachments.length > 0)
    return Promise.all(
      request.attachments.map(async ({ filename }) =>
        withKind({ name: filename, bytes: await ports.files.read(`uploads/${filename}`), from: 'attachment' }),
      ),
    )
  const made = [...new Set(request.previous.flatMap(({ files, data }) => [...files, ...filesIn(data)]))]
  if (made.length === 0) throw invalid('attach a file or name one')
  return Promise.all(
    made.map(async (path) =>
      withKind({ name: path.split('/').at(-1)!, bytes: await ports.files.read(path), from: 'workspace' }),
    ),
  )
}

const filesIn = (data: Record<string, unknown>): string[] =>
  [
    data['output_file'],
    ...(Array.isArray(data['output_files']) ? data['output_files'] : []),
    ...(Array.isArray(data['files']) ? data['files'] : []),
  ].filter((path): path is string => typeof path === 'string' && path.includes('/'))

/** Whether there is a file to work on, without opening it. */
export const hasFileSource = (request: SkillRequest): boolean =>
  request.attachments.length > 0 ||
  fileNamesIn(request.description).length > 0 ||
  namedSources(request).length > 0 ||
  request.previous.some(({ files, data }) => files.length > 0 || filesIn(data).length > 0)

export const stemOf = (name: string): string =>
  name.replace(/\.[^.]*$/, '').replace(/\.(?:html?|md|csv|tsv|json|ya?ml|xml)$/i, '') || 'file'

/** Steps that work on what prerequisites found rather than on files: they have rows, or nothing but values. */
export function worksOnData(task: FileTask, request: SkillRequest): boolean {
  if ((task.kind !== 'save' && task.kind !== 'convert') || request.previous.length === 0) return false
  if (namedSources(request).length > 0 || request.attachments.length > 0) return false
  const hasRows = request.previous.some(({ data }) => rowsOfData(data) !== undefined)
  return hasRows || !request.previous.some(({ files, data }) => files.length > 0 || filesIn(data).length > 0)
}
