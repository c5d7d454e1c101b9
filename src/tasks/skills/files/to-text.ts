import { decodeText } from '../../tables/read-delimited.ts'
import { checkArchive } from '../../tables/read-sheet.ts'
import { SkillError } from '../skill-error.ts'
import type { Kind } from './source-kind.ts'

/** Documents -> text or markup. Parsers are loaded at the first call. */

async function pdfToText(bytes: Uint8Array, name: string): Promise<string> {
  const { extractText, getDocumentProxy } = await import('unpdf')
  try {
    // The parser takes its input away: it gets a copy.
    const document = await getDocumentProxy(new Uint8Array(bytes))
    const { text } = await extractText(document, { mergePages: false })
    return text.join('\n\n')
  } catch (error) {
    throw new SkillError('INVALID_INPUT', `${name} is no readable PDF: ${(error as Error).message}`)
  }
}

async function docxTo(bytes: Uint8Array, name: string, form: 'text' | 'html'): Promise<string> {
  await checkArchive(bytes, name)
  const { default: mammoth } = await import('mammoth')
  const input = { buffer: Buffer.from(bytes) }
  try {
    return (form === 'text' ? await mammoth.extractRawText(input) : await mammoth.convertToHtml(input)).value
  } catch (error) {
    throw new SkillError('INVALID_INPUT', `${name} is no readable DOCX: ${(error as Error).message}`)
  }
}

const BLOCKS =
  'p,div,section,article,li,tr,h1,h2,h3,h4,h5,h6,blockquote,pre,dt,dd,table,ul,ol,header,footer,main,figcaption'

export async function htmlToText(html: string): Promise<string> {
  const { load } = await import('cheerio')
  const $ = load(html)
  $('script,style,noscript,template,head').remove()
  $('br').replaceWith('\n')
  $(BLOCKS).each((_, element) => void $(element).before('\n').after('\n'))
  $('td,th').each((_, element) => void $(element).after('\t'))
  return $.root()
    .text()
    .split('\n')
    .map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .concat('\n')
}

export async function htmlToMarkdown(html: string): Promise<string> {
  const { default: Turndown } = await import('turndown')
  const { load } = await import('cheerio')
  const $ = load(html)
  $('script,style,noscript,template,head').remove()
  const service = new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' })
  return `${service.turndown($('body').html() ?? '').trim()}\n`
}

export async function markdownToHtml(markdown: string, title: string): Promise<string> {
  const { marked } = await import('marked')
  const { sanitiseHtml } = await import('../../pages/sanitise-html.ts')
  const { escapeHtml } = await import('../../pages/html.ts')
  const body = sanitiseHtml(marked.parse(markdown, { async: false, gfm: true }))
  return `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>${escapeHtml(title)}</title>\n</head>\n<body>\n${body}</body>\n</html>\n`
}

/** The text of any document kind this product reads. */
export async function toText(kind: Kind, bytes: Uint8Array, name: string): Promise<string> {
  if (kind === 'pdf') return pdfToText(bytes, name)
  if (kind === 'docx') return docxTo(bytes, name, 'text')
  if (kind === 'html') return htmlToText(decodeText(bytes))
  return decodeText(bytes).replace(/^\uFEFF/, '')
}

export const docxToHtml = (bytes: Uint8Array, name: string): Promise<string> => docxTo(bytes, name, 'html')
