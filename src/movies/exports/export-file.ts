/** A finished export: the bytes, how to name and label them, and in words what the format could not carry. */
export type ExportFile = { bytes: Uint8Array; name: string; mime: string; loss: string[] }

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A file name out of a title: letters, digits and dashes, never empty, at most 80 characters. */
export function fileName(title: string, ending: string): string {
  const stem = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
  return `${stem || 'untitled'}${ending}`
}

/** Counts what a format drops, and says it once per kind: "3 notes are left out". */
export class LossList {
  readonly #counts = new Map<string, number>()

  add(what: string, times = 1): void {
    if (times > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times)
  }

  /** Sentences in the order in which the losses first occurred. */
  list(): string[] {
    return [...this.#counts].map(([what, n]) => (n === 1 ? what : `${what} (${n} times)`))
  }
}
