/**
 * The name under which an uploaded file is kept: path parts dropped, characters that mean something to a file system or a page become `_`,
 * over 200 characters the first 150 of the stem and the extension. Never empty, never `.` or `..`.
 */
export function uploadName(given: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).filter(Boolean).at(-1) ?? ''
  const clean = last
    .replace(/\.\./g, '_')
    .replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_')
    .trim()
    .replace(/^[.~]+/, '_')
  const name = clean === '' ? '_' : clean
  if (name.length <= 200 && Buffer.byteLength(name) <= 240) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot).slice(0, 20) : ''
  let stem = (dot > 0 ? name.slice(0, dot) : name).slice(0, 150)
  while (Buffer.byteLength(stem + extension) > 240) stem = stem.slice(0, -1)
  return stem + extension
}

/** `name.pdf`, `name_1.pdf`, `name_2.pdf`: the first that is free. Adds it to `taken`. */
export function freeName(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  let candidate = name
  for (let n = 1; taken.has(candidate.toLowerCase()); n++) candidate = `${stem}_${n}${extension}`
  taken.add(candidate.toLowerCase())
  return candidate
}

export const extensionOf = (name: string): string => /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
