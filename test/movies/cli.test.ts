import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { movie } from '../../src/cli/movie.ts'
import { movieServices } from '../../src/cli/movie-services.ts'
import { LocalStudio } from '../../src/movies/studio/local-studio.ts'
import type { TestServer } from '../_server.ts'
import { moviesServer } from './_movies.ts'

// Real pictures on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

let server: TestServer
let dir: string
beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-films-'))
  server = await moviesServer({ parts: { studio: new LocalStudio({ encoder: null }) } })
}, 120_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  fs.rmSync(dir, { recursive: true, force: true })
})

function terminal(): Io & { said: string[]; told: string[] } {
  const said: string[] = []
  const told: string[] = []
  return {
    said,
    told,
    out: (text) => void said.push(text),
    err: (text) => void told.push(text),
    isTty: false,
    env: { TROUPE_URL: server.url },
  }
}
const film = (name: string, more = '') => {
  const file = path.join(dir, name)
  fs.writeFileSync(
    file,
    `film:\n  title: Signal at Dawn\n  description: A lone operator hears a voice from an empty station.\n  target_duration: 12\nrun:\n  custom_parameters: {profile: standard, resolution: 640x360}\n${more}`,
  )
  return file
}

test('a film file ends with the files it made, all of them readable', async () => {
  const io = terminal()
  const out = path.join(dir, 'first')
  expect(await movie([film('a.yaml'), '--decide', 'first', '--out', out, '--json'], io)).toBe(0)
  expect(io.told).toEqual([])
  const answer = JSON.parse(io.said.join(''))
  expect(answer).toMatchObject({ status: 'completed', draft: true, folder: out })
  const names = answer.files.map((f: { name: string }) => f.name)
  for (const name of [
    'film.html',
    'screenplay.fountain',
    'screenplay.fdx',
    'screenplay.pdf',
    'shot-list.xlsx',
    'storyboard.pdf',
    'timeline.otio',
    'subtitles.srt',
    'subtitles.vtt',
    'characters.pdf',
    'report.pdf',
  ])
    expect(names).toContain(name)
  for (const { name, bytes } of answer.files) expect(fs.statSync(path.join(out, name)).size).toBe(bytes)
  expect(fs.readFileSync(path.join(out, 'film.html'), 'utf8')).toContain('Signal at Dawn')
  expect(names.filter((name: string) => name.startsWith('frames/')).length).toBeGreaterThanOrEqual(6)
})

test('decisions are put to the terminal with what they are about; a wrong answer is asked again', async () => {
  const io = terminal()
  const answers = ['9', 'revise', 'Give Rival a reason to stay silent', '1', '']
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return answers.shift() ?? ''
  }
  expect(await movie([film('b.yaml'), '--profile', 'short', '--out', path.join(dir, 'second')], io, ask)).toBe(0)
  const told = io.told.join('\n')
  expect(told).toContain('1  approved')
  expect(told).toContain('Type a number from 1 to 3.')
  expect(told).toContain('story approval: revise – Give Rival a reason to stay silent')
  expect(told).toContain('▸ media generation')
  expect(asked.filter((q) => q.includes('What should the crew know'))).toHaveLength(1)
  expect(io.said.join('')).toMatch(/Signal at Dawn is finished[\s\S]*film\.html[\s\S]*Watch it: open/)
})

test('a screenplay is made as it is', async () => {
  const io = terminal()
  const golden = path.resolve(import.meta.dirname, '../../src/movies/exports/golden/lighthouse.fountain')
  const file = path.join(dir, 'lamp.fountain')
  fs.copyFileSync(golden, file)
  const out = path.join(dir, 'third')
  expect(await movie([file, '--profile', 'standard', '--decide', 'first', '--out', out], io)).toBe(0)
  const lines = (text: string) => text.split('\n').filter((line) => /^(INT|EXT)\./.test(line))
  const made = fs.readFileSync(path.join(out, 'screenplay.fountain'), 'utf8')
  expect(lines(made).map((l) => l.replace(/ #\d+#$/, ''))).toEqual(
    lines(fs.readFileSync(golden, 'utf8')).map((l) => l.replace(/ #\d+#$/, '')),
  )
  expect(made).toContain('They have sent the letter.')
})

test.each([
  [[], 'name a film file'],
  [['nowhere.yaml'], 'no such file'],
  [['x.yaml', '--decide', 'last'], '--decide is ask or first'],
  [['x.yaml', '--profile', 'huge'], '--profile is short, standard, full'],
])('wrong use %j says what is wrong', async (argv, message) => {
  await expect(movie(argv as string[], terminal())).rejects.toThrow(message)
})

test('a file without a film, and a binary screenplay, are refused with the reason', async () => {
  const file = path.join(dir, 'c.yaml')
  fs.writeFileSync(file, 'title: x')
  await expect(movie([file], terminal())).rejects.toThrow('needs a "film:"')
  const binary = path.join(dir, 'd.fdx')
  fs.writeFileSync(binary, Buffer.from([80, 75, 3, 4, 0, 0]))
  await expect(movie([binary], terminal())).rejects.toThrow('binary')
})

test('the stand-ins say how to reach them, and stop', async () => {
  const io = terminal()
  let stop: () => void = () => undefined
  const done = movieServices(['--json', '--quiet'], io, new Promise<void>((resolve) => (stop = resolve)))
  while (io.said.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const urls = Object.values(JSON.parse(io.said[0]!)) as string[]
  expect(urls).toHaveLength(3)
  expect((await fetch(`${urls[2]}/api/v1/health`)).status).toBe(200)
  const told = await fetch(`${urls[2]}/_stand-in`, { method: 'POST', body: '{"fail_next": 1, "fail_status": 500}' })
  expect(await told.json()).toMatchObject({ fail_next: 1, fail_status: 500 })
  expect((await fetch(`${urls[2]}/api/v1/health`)).status).toBe(500)
  expect((await fetch(`${urls[2]}/api/v1/health`)).status).toBe(200)
  stop()
  expect(await done).toBe(0)
  await expect(fetch(urls[2]!)).rejects.toThrow()
})
