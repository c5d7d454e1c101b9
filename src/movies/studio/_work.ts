import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { MediaFiles, MediaWork } from '../media-port.ts'
import type { FileRef } from '../schema.ts'

/** A folder for one test, with the files port over it. Addresses look like `/files/{path}`. */
export function testFiles(): MediaFiles & { root: string } {
  const root = mkdtempSync(path.join(tmpdir(), 'troupe-studio-'))
  const local = (name: string) => path.join(root, name.replace(/^\/files\//, ''))
  const ref = (name: string, mime: string): FileRef => {
    const bytes = readFileSync(local(name))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { path: name, url: `/files/${name}`, bytes: bytes.length, sha256, mime_type: mime }
  }
  return {
    root,
    async write(name, bytes, mime) {
      mkdirSync(path.dirname(local(name)), { recursive: true })
      writeFileSync(local(name), bytes)
      return ref(name, mime)
    },
    adopt: async (name, mime) => ref(name, mime),
    read: async (name) => new Uint8Array(readFileSync(local(name))),
    localPath: local,
    url: (name) => `/files/${name}`,
  }
}

export function testWork(files: MediaFiles, at: string, signal = new AbortController().signal): MediaWork {
  return {
    workflow_id: 'w',
    project_id: 'p',
    task_id: 't',
    agent_id: 'a',
    scene_id: null,
    correlation_id: 'c',
    priority: 5,
    path: at,
    files,
    signal,
    external_job_id: null,
    onSubmitted: async () => undefined,
    onProgress: () => undefined,
  }
}
