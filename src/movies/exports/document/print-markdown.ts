import type { Block, DocumentText } from './blocks.ts'

const quoted = (text: string) => text.replace(/\s+/g, ' ').replace(/([\\`*_[\]<>|#])/g, '\\$1')
const row = (cells: string[]) => `| ${cells.map(quoted).join(' | ')} |`

function print(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${quoted(block.text)}`
    case 'paragraph':
      return quoted(block.text)
    case 'list':
      return block.items.map((item) => `- ${quoted(item)}`).join('\n')
    case 'fields':
      return block.rows.map(([label, value]) => `- **${quoted(label)}:** ${quoted(value)}`).join('\n')
    case 'table':
      return [row(block.head), row(block.head.map(() => '---')).replaceAll('\\', ''), ...block.rows.map(row)].join('\n')
    case 'image':
      return `*${quoted(block.alt)}*`
    case 'new_page':
      return '---'
  }
}

/** The document as Markdown; a picture is represented by its description in italics. */
export function printMarkdown(document: DocumentText): string {
  return `${document.blocks
    .map(print)
    .filter((text) => text !== '')
    .join('\n\n')}\n`
}
