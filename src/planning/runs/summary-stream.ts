const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '', b: '', f: '' }

/** Picks the text of `summary` out of JSON while it is being written. Each call takes the next piece and gives the new part of the text. */
export function summaryStream(): (piece: string) => string {
  let buffer = ''
  let at = -1
  let over = false
  return (piece) => {
    buffer += piece
    if (over) return ''
    if (at < 0) {
      const start = /"summary"\s*:\s*"/.exec(buffer)
      if (!start) return ''
      at = start.index + start[0].length
    }
    let text = ''
    while (at < buffer.length) {
      const char = buffer[at]!
      if (char === '"') {
        over = true
        break
      }
      if (char !== '\\') {
        text += char
        at += 1
        continue
      }
      const code = buffer[at + 1]
      if (code === undefined || (code === 'u' && buffer.length < at + 6)) break // the rest of the escape is still to come
      text +=
        code === 'u' ? String.fromCharCode(Number.parseInt(buffer.slice(at + 2, at + 6), 16)) : (ESCAPES[code] ?? code)
      at += code === 'u' ? 6 : 2
    }
    return text
  }
}
