import { marked, type Token, type Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { safeHref } from './safe-href.ts'

type Any = Token & { tokens?: Token[]; text?: string; raw: string }

/**
 * Markdown as React elements. Nothing is ever set as HTML: raw HTML in the text is shown as text, links lead to http(s),
 * mail or this site only, and pictures become links, since loading them would tell their host who reads.
 */
export default function MarkdownView({ text }: { text: string }) {
  return <div className="prose-troupe max-w-[72ch] text-sm text-ink">{blocks(marked.lexer(text, { gfm: true }))}</div>
}

const blocks = (tokens: Token[]): ReactNode =>
  tokens.map((token, i) => <Fragment key={`${i.toString()}${token.type}`}>{block(token as Any)}</Fragment>)
const inlines = (tokens: Token[] | undefined, fallback = ''): ReactNode =>
  tokens
    ? tokens.map((token, i) => <Fragment key={`${i.toString()}${token.type}`}>{inline(token as Any)}</Fragment>)
    : fallback

const HEADINGS = ['text-xl mt-5', 'text-lg mt-5', 'text-base mt-4', 'text-sm mt-4', 'text-sm mt-3', 'text-sm mt-3']

function block(token: Any): ReactNode {
  switch (token.type) {
    case 'heading': {
      const depth = (token as Tokens.Heading).depth
      const Heading = `h${Math.min(6, depth + 2)}` as 'h3'
      return (
        <Heading className={`${HEADINGS[depth - 1]} mb-1.5 font-semibold first:mt-0`}>{inlines(token.tokens)}</Heading>
      )
    }
    case 'paragraph':
      return <p className="my-2 first:mt-0 last:mb-0">{inlines(token.tokens)}</p>
    case 'list': {
      const list = token as Tokens.List
      const items = list.items.map((item, i) => (
        <li key={`${i.toString()}${item.raw.length}`} className="my-0.5">
          {blocks(item.tokens)}
        </li>
      ))
      return list.ordered ? (
        <ol className="my-2 list-decimal pl-6" start={Number(list.start) || 1}>
          {items}
        </ol>
      ) : (
        <ul className="my-2 list-disc pl-6">{items}</ul>
      )
    }
    case 'code':
      return (
        <pre
          role="region"
          tabIndex={0}
          aria-label="Code"
          className="my-2 overflow-x-auto rounded-md border border-line bg-sunken p-3 text-xs leading-5"
        >
          {token.text}
        </pre>
      )
    case 'blockquote':
      return (
        <blockquote className="my-2 border-l-2 border-line-strong pl-3 text-ink-2">
          {blocks(token.tokens ?? [])}
        </blockquote>
      )
    case 'table':
      return <MarkdownTable table={token as Tokens.Table} />
    case 'hr':
      return <hr className="my-4" />
    case 'space':
    case 'def':
      return null
    case 'text':
      return token.tokens ? inlines(token.tokens) : (token.text ?? token.raw)
    default:
      return <p className="my-2 whitespace-pre-wrap">{token.raw}</p>
  }
}

function inline(token: Any): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong className="font-semibold">{inlines(token.tokens)}</strong>
    case 'em':
      return <em>{inlines(token.tokens)}</em>
    case 'del':
      return <del>{inlines(token.tokens)}</del>
    case 'codespan':
      return <code className="rounded bg-sunken px-1 py-0.5 text-xs">{token.text}</code>
    case 'br':
      return <br />
    case 'link':
    case 'image': {
      const href = safeHref((token as Tokens.Link).href)
      const label = token.type === 'image' ? `Picture: ${token.text || href}` : inlines(token.tokens, token.text)
      return href ? (
        <a
          href={href}
          rel="noreferrer noopener"
          target="_blank"
          className="text-accent-ink underline underline-offset-2"
        >
          {label}
        </a>
      ) : (
        label
      )
    }
    case 'text':
    case 'escape':
      return token.tokens ? inlines(token.tokens) : decode(token.text ?? '')
    default:
      return token.raw
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const decode = (text: string) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')

function MarkdownTable({ table }: { table: Tokens.Table }) {
  const named = [...table.header, table.rows[0]?.[0]].flatMap((cell) => cell?.text || [])
  return (
    <div
      role="group"
      aria-label={`Table: ${named.join(', ') || 'values'}`}
      tabIndex={0}
      className="my-3 overflow-x-auto rounded-md border border-line"
    >
      <table className="w-full text-sm">
        <thead className="bg-sunken text-left text-xs text-ink-2">
          <tr>
            {table.header.map((cell, i) =>
              cell.text === '' ? (
                <td key={`${i.toString()}empty`} className="px-3 py-1.5" />
              ) : (
                <th key={`${i.toString()}${cell.text}`} className="px-3 py-1.5 font-medium">
                  {inlines(cell.tokens)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, r) => (
            <tr key={`r${r.toString()}`} className="border-t border-line">
              {row.map((cell, c) => (
                <td key={`c${c.toString()}`} className="px-3 py-1.5 align-top">
                  {inlines(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
