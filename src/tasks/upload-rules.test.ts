import { describe, expect, it } from 'vitest'
import {
  ALLOWED_EXTENSIONS,
  checkUploadName,
  checkUploadSize,
  MAX_UPLOAD_BYTES,
  sanitiseName,
  uniqueNames,
} from './upload-rules.ts'

describe('names', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd.txt', 'passwd.txt'],
    ['C:\\Users\\me\\table.xlsx', 'table.xlsx'],
    ['/abs/olute.md', 'olute.md'],
    ['a..b.txt', 'a_b.txt'],
    ['a<b>c:d"e|f?g*h.csv', 'a_b_c_d_e_f_g_h.csv'],
    ['nul\0byte.txt', 'nul_byte.txt'],
    ['line\nbreak.txt', 'line_break.txt'],
    ['~home.txt', '_home.txt'],
    ['.txt', 'file.txt'],
    ['Übersicht März.csv', 'Übersicht März.csv'],
    [`${'x'.repeat(200)}.pdf`, `${'x'.repeat(150)}.pdf`],
    [`${'x'.repeat(196)}.pdf`, `${'x'.repeat(196)}.pdf`],
  ])('%j becomes %j', (given, name) => expect(sanitiseName(given)).toBe(name))
  it('fits file systems also when characters have several bytes', () => {
    expect(Buffer.byteLength(sanitiseName(`${'🙂'.repeat(150)}.pdf`))).toBeLessThanOrEqual(240)
    expect(sanitiseName(`${'🙂'.repeat(150)}.pdf`)).toMatch(/\.pdf$/)
  })
  it('keeps duplicates apart', () => {
    expect(uniqueNames(['name.pdf', 'name.pdf', 'other.pdf', 'dir/name.pdf'])).toEqual([
      'name.pdf',
      'name_1.pdf',
      'other.pdf',
      'name_2.pdf',
    ])
    expect(uniqueNames(['a_1.txt', 'a.txt', 'a.txt'])).toEqual(['a_1.txt', 'a.txt', 'a_2.txt'])
    expect(uniqueNames(['A.txt', 'a.txt'])).toEqual(['A.txt', 'a_1.txt'])
  })
})

describe('types and sizes', () => {
  it.each(ALLOWED_EXTENSIONS)('accepts .%s in any case', (extension) => {
    expect(() => checkUploadName(`file.${extension.toUpperCase()}`)).not.toThrow()
  })
  it.each(['virus.exe', 'page.html', 'app.py', 'noextension', 'x.txt.exe', 'script.sh', ''])('refuses %j', (name) => {
    expect(() => checkUploadName(name)).toThrow(/jpg.*md/)
  })
  it('accepts 1 byte to 50 MB', () => {
    expect(() => checkUploadSize('a.txt', 1)).not.toThrow()
    expect(() => checkUploadSize('a.txt', MAX_UPLOAD_BYTES)).not.toThrow()
    expect(() => checkUploadSize('a.txt', 0)).toThrow(expect.objectContaining({ code: 'EMPTY_FILE' }))
    expect(() => checkUploadSize('a.txt', MAX_UPLOAD_BYTES + 1)).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE' }),
    )
  })
})
