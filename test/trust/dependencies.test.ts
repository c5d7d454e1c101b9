// What can be said about packages without the registry: which ones, exactly these, unchanged, running nothing when they are installed.
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const read = (name: string) => JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../..', name), 'utf8'))
const own = read('package.json')
const locked = Object.entries(read('package-lock.json').packages as Record<string, any>).filter(([at]) => at !== '')

it('names every direct package by one exact version, and locks it', () => {
  const wanted = Object.entries<string>({ ...own.dependencies, ...own.devDependencies, ...own.optionalDependencies })
  expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  const versions = new Map(locked.map(([at, { version }]) => [at, version]))
  expect(wanted.filter(([name, version]) => versions.get(`node_modules/${name}`) !== version)).toEqual([])
})

it('knows the SHA-512 of every package, and takes none from elsewhere', () => {
  expect(locked.length).toBeGreaterThan(300)
  expect(
    locked.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? '')).map(([at]) => at),
  ).toEqual([])
  expect(
    locked.filter(([, { resolved, link }]) => link || (resolved && !/^https:/.test(resolved))).map(([at]) => at),
  ).toEqual([])
})

it('lets no package run a script at installation', () => {
  const scripted = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([at]) => at.replace(/^.*node_modules\//, ''))
  expect(scripted.filter((name) => own.allowScripts[name] !== false)).toEqual([])
})
