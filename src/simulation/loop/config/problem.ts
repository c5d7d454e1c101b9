/** One thing wrong with a configuration. `line` is null when there is no text (an object over HTTP) or no such place. */
export type Problem = {
  path: string
  line: number | null
  expected: string
  actual: string
  remedy: string
  message: string
}

export type Path = readonly (string | number)[]

/** `agents[0].config.actions[1]` */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )

/** Text shown for a value that is absent or wrong. */
export { show } from '../core/json.ts'

export type Warning = { code: string; path: string; line: number | null; message: string }

export type LineOf = (path: Path) => number | null

/** Kinds of problem that have an error class of their own. */
export type ProblemKind = 'depth' | 'cycle'

/** Gathers all problems and warnings of one configuration. */
export class Findings {
  readonly problems: Problem[] = []
  readonly warnings: Warning[] = []
  readonly kinds = new Set<ProblemKind>()
  readonly #lineOf: LineOf

  constructor(lineOf: LineOf = () => null) {
    this.#lineOf = lineOf
  }

  add(path: Path, expected: string, actual: string, remedy: string, kind?: ProblemKind): void {
    const place = pathText(path)
    if (kind) this.kinds.add(kind)
    this.problems.push({
      path: place,
      line: this.#lineOf(path),
      expected,
      actual,
      remedy,
      message: `${place === '' ? 'The configuration' : place} must be ${expected}, but is ${actual}. ${remedy}`,
    })
  }

  warn(code: string, path: Path, message: string): void {
    this.warnings.push({ code, path: pathText(path), line: this.#lineOf(path), message })
  }
}
