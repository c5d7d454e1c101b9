/** A simple document, printed as Markdown or PDF. Texts are one line unless said otherwise. */
export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'fields'; rows: [label: string, value: string][] }
  | { kind: 'table'; head: string[]; rows: string[][]; widths: number[] }
  | { kind: 'image'; bytes: Uint8Array; alt: string; width: number }
  | { kind: 'new_page' }

export type DocumentText = { title: string; blocks: Block[] }
