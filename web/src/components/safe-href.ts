/** An address a text may link to: http(s), mail, or a path of this site. Anything else (script, data) is refused. */
export function safeHref(href: string | null | undefined): string | undefined {
  const text = (href ?? '').replace(/[\u0000-\u0020]+/g, '')
  if (text === '') return undefined
  if (/^(https?:|mailto:)/i.test(text)) return text
  return /^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('//') ? undefined : text
}
