import { slug } from './prose.ts'

export type Tone = { adjective: string; pace: string; emotions: readonly string[]; cut: string }

const TONES: Readonly<Record<string, Tone>> = {
  dramatic: {
    adjective: 'dramatic',
    pace: 'measured',
    emotions: ['restrained', 'urgent', 'wounded', 'resolute'],
    cut: 'cuts on decisions, not on movement',
  },
  tense: {
    adjective: 'tense',
    pace: 'clipped',
    emotions: ['wary', 'pressed', 'sharp', 'controlled'],
    cut: 'cuts early and stays on the listener',
  },
  dark: {
    adjective: 'dark',
    pace: 'slow',
    emotions: ['low', 'bitter', 'hushed', 'unforgiving'],
    cut: 'holds a shot past comfort',
  },
  humorous: {
    adjective: 'humorous',
    pace: 'brisk',
    emotions: ['dry', 'flustered', 'delighted', 'mock-serious'],
    cut: 'cuts to the reaction',
  },
  warm: {
    adjective: 'warm',
    pace: 'easy',
    emotions: ['tender', 'teasing', 'hopeful', 'open'],
    cut: 'lets glances finish before it cuts',
  },
  melancholic: {
    adjective: 'melancholic',
    pace: 'lingering',
    emotions: ['quiet', 'wistful', 'tired', 'gentle'],
    cut: 'dissolves rather than cuts',
  },
  epic: {
    adjective: 'epic',
    pace: 'broad',
    emotions: ['proud', 'solemn', 'defiant', 'awed'],
    cut: 'goes wide before it goes close',
  },
}

const NEUTRAL: Tone = {
  adjective: 'neutral',
  pace: 'even',
  emotions: ['calm', 'attentive', 'firm', 'curious'],
  cut: 'follows whoever acts',
}

const WORDS: readonly [RegExp, string][] = [
  [/tens|suspens|grip/, 'tense'],
  [/dark|grim|bleak|noir/, 'dark'],
  [/hum|fun|light|comic|witt|play/, 'humorous'],
  [/warm|hope|heart|tender|uplift|sweet/, 'warm'],
  [/melan|sad|quiet|nostal|somb/, 'melancholic'],
  [/epic|grand|hero|awe/, 'epic'],
  [/dram|serious|intens/, 'dramatic'],
]

/** A tone in any spelling; the person's own word stays its name. Missing is neutral. */
export function toneOf(style: Record<string, unknown>): Tone & { name: string } {
  const given = [style['tone'], style['mood']].find(
    (word): word is string => typeof word === 'string' && word.trim() !== '',
  )
  const key = slug(given ?? '')
  const tone = TONES[key] ?? TONES[WORDS.find(([word]) => word.test(key))?.[1] ?? ''] ?? NEUTRAL
  return { ...tone, name: given?.trim() ?? 'neutral' }
}
