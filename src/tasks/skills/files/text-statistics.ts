export type TextStatistics = { lines: number; words: number; characters: number; sentences: number; paragraphs: number }

const segments = (text: string, granularity: 'word' | 'sentence'): Intl.SegmentData[] => [
  ...new Intl.Segmenter('en', { granularity }).segment(text),
]

/** Lines, words, characters, sentences and paragraphs as a person counts them. An end of line at the very end opens no new line. */
export function textStatistics(text: string): TextStatistics {
  const clean = text.replace(/\r\n?/g, '\n')
  const body = clean.endsWith('\n') ? clean.slice(0, -1) : clean
  return {
    lines: clean === '' ? 0 : body.split('\n').length,
    words: (clean.match(/[\p{L}\p{N}]+(?:['’\-.,][\p{L}\p{N}]+)*/gu) ?? []).length,
    characters: [...clean].length,
    sentences: segments(clean.replace(/\n(?!\n)/g, ' '), 'sentence').filter(({ segment }) =>
      /[\p{L}\p{N}]/u.test(segment),
    ).length,
    paragraphs: clean.split(/\n\s*\n/).filter((part) => part.trim() !== '').length,
  }
}
