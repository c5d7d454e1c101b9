import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { PendingDecision, WorkflowResponse } from '../movies/schema.ts'
import { readArguments } from './arguments.ts'
import { createClient } from './client.ts'
import { CliError, type Io } from './io.ts'
import { collectFiles } from './movie/collect-files.ts'
import { type Answer, followFilm } from './movie/follow-film.ts'
import { readFilm, startFilm } from './movie/read-film.ts'
import { optionOf, showDecision } from './movie/show-decision.ts'

const HELP = `troupe movie FILE [--decide ask|first] [--profile short|standard|full] [--out FOLDER] [--json]
troupe movie services [--help]

Makes the film of FILE: a YAML file (examples/lighthouse.yaml), or a screenplay as .fountain or .fdx. Shows who works on
what, asks here where a person must decide, and ends with the names of the files it made.

  --decide first   take the first option of every question, without asking (for scripts)
  --decide ask     ask in this terminal; without a terminal the film waits for the screens (default)
  --profile NAME   how large the crew is; default: by length
  --out FOLDER     where the files go; default films/TITLE
  --json           nothing but one JSON line at the end

"troupe movie services" runs stand-ins of the three outside services on free ports.
Exit codes: 0 finished, 1 failed or cancelled, 2 wrong use. Ctrl-C leaves the film running on the server.`

const PROFILES = ['short', 'standard', 'full']

/** Asks a person in the terminal; replaced in tests. */
export type Ask = (question: string) => Promise<string>

const terminal: Ask = async (question) => {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await reader.question(question)
  } finally {
    reader.close()
  }
}

export async function movie(
  argv: string[],
  io: Io,
  ask: Ask | null = process.stdin.isTTY ? terminal : null,
): Promise<number> {
  if (argv[0] === 'services') return (await import('./movie-services.ts')).movieServices(argv.slice(1), io)
  const { values, positionals } = readArguments(argv, {
    decide: { type: 'string' },
    profile: { type: 'string' },
    out: { type: 'string' },
  })
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const [file] = positionals
  if (!file) throw new CliError('name a film file: troupe movie examples/lighthouse.yaml')
  const decide = values.decide ?? 'ask'
  if (decide !== 'ask' && decide !== 'first') throw new CliError(`--decide is ask or first, not ${decide}`)
  const { profile } = values
  if (profile !== undefined && !PROFILES.includes(profile))
    throw new CliError(`--profile is ${PROFILES.join(', ')}, not ${profile}`)
  const client = createClient(io)
  const started = await startFilm(client, readFilm(file), profile ? { profile } : {})
  const screen = createScreen(io, values.json === true)
  screen.line(`${started.title}  ${client.base}/app/movies/workflows/${started.workflow_id}`)
  for (const loss of started.loss) screen.line(`  not taken from the screenplay: ${loss}`)
  const film = await followFilm(client, started.workflow_id, {
    line: screen.line,
    progress: screen.progress,
    decide: (decision) =>
      decideOn(
        decision,
        decide === 'first',
        values.json ? null : ask,
        `${client.base}/app/movies/workflows/${started.workflow_id}`,
        screen.line,
      ),
  })
  screen.end()
  if (film.status !== 'completed') {
    const why = film.error_details?.error_message ?? film.user_decisions.at(-1)?.['choice'] ?? 'no reason given'
    if (values.json)
      io.out(JSON.stringify({ workflow_id: film.workflow_id, status: film.status, error: why, files: [] }))
    else io.err(`The film ${film.status === 'failed' ? 'failed' : 'was cancelled'}: ${String(why)}`)
    return 1
  }
  const folder = path.resolve(values.out ?? path.join('films', folderName(film.title)))
  const files = await collectFiles(client, film, folder)
  if (values.json)
    io.out(
      JSON.stringify({
        workflow_id: film.workflow_id,
        status: film.status,
        draft: film.draft,
        folder,
        files: files.map(({ name, bytes, loss }) => ({ name, bytes, ...(loss.length > 0 ? { loss } : {}) })),
      }),
    )
  else io.out(summary(film, folder, files))
  return 0
}

async function decideOn(
  decision: PendingDecision,
  first: boolean,
  ask: Ask | null,
  address: string,
  line: (text: string) => void,
): Promise<Answer | null> {
  if (first) return { choice: decision.options[0]! }
  line(showDecision(decision))
  if (!ask) {
    line(`Waits for a person: ${address} (or start with --decide first)`)
    return null
  }
  for (;;) {
    const said = await ask(`\nChoice [1 ${decision.options[0]!.replaceAll('_', ' ')}]: `)
    const choice = optionOf(decision.options, said)
    if (!choice) {
      line(`Type a number from 1 to ${decision.options.length}.`)
      continue
    }
    if (choice === decision.options[0]) return { choice }
    const feedback = (await ask('What should the crew know? ')).trim()
    return { choice, ...(feedback ? { feedback } : {}) }
  }
}

const BAR = 24

/** Lines that stay, and on a terminal one line below them that is drawn anew. */
function createScreen(io: Io, silent: boolean) {
  const live = io.isTty && !silent
  let drawn = ''
  const clear = () => {
    if (drawn && live) io.err('\u001b[1A\u001b[2K\r\u001b[1A')
    drawn = ''
  }
  return {
    line(text: string) {
      if (silent) return
      clear()
      io.err(text)
    },
    progress(film: WorkflowResponse, doing: string) {
      if (!live || film.status !== 'running') return
      const done = Math.round((film.progress_percentage / 100) * BAR)
      const waits = film.waiting_on.length > 0 ? `  waits for ${film.waiting_on.join(', ')}` : ''
      const text = `${'█'.repeat(done)}${'░'.repeat(BAR - done)} ${Math.round(film.progress_percentage)} %  ${doing}${waits}`
      if (text === drawn) return
      clear()
      io.err(text)
      drawn = text
    },
    end: clear,
  }
}

const folderName = (title: string) =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'film'

const size = (bytes: number) =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1_048_576
      ? `${(bytes / 1024).toFixed(0)} kB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`

function summary(
  film: WorkflowResponse,
  folder: string,
  files: { name: string; bytes: number; loss: string[] }[],
): string {
  const shown = path.relative(process.cwd(), folder)
  const at = shown && !shown.startsWith('..') ? shown : folder
  const width = Math.max(...files.map(({ name }) => name.length), 8)
  const rows = files.map(({ name, bytes, loss }) => {
    const lost = loss.length > 0 ? `   leaves out: ${loss.slice(0, 2).join('; ')}${loss.length > 2 ? ' …' : ''}` : ''
    return `  ${name.padEnd(width)}  ${size(bytes).padStart(8)}${lost}`
  })
  const film_ = files.find(({ name }) => name.startsWith('film.'))
  return [
    '',
    `${film.title} is finished${film.draft ? ' (with draft material: no model or media service is configured)' : ''}. Files in ${at}:`,
    ...rows,
    ...(film_ ? ['', `Watch it: open ${path.join(at, film_.name)} in a browser.`] : []),
  ].join('\n')
}
