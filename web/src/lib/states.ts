/** The seven meanings a state can have. Colours, shapes and hatching hang on these, never on a domain's own words. */
export const TONES = ['waiting', 'running', 'done', 'failed', 'blocked', 'paused', 'draft'] as const
export type Tone = (typeof TONES)[number]

export type StateLook = { tone: Tone; word: string }

const WORDS: Record<Tone, string> = {
  waiting:
    'waiting asked needs_approval pending_approval approval awaiting_input awaiting_approval escalated review in_review ready_for_review open submitted',
  running:
    'running in_progress active working busy executing generating stopping cancelling live started retrying in_production',
  done: 'done completed complete succeeded success approved answered available healthy final confirmed accepted ok connected paid',
  failed: 'failed error crashed rejected denied timeout timed_out dead unhealthy lost aborted unavailable offline',
  blocked: 'blocked held no_capable_agent gate_missing conflict degraded',
  paused:
    'paused queued pending cancelled canceled skipped idle expired superseded withdrawn archived unknown draining ready',
  draft: 'draft created new planned proposed scheduled not_started none',
}

const TONE_OF = new Map<string, Tone>(
  TONES.flatMap((tone) => WORDS[tone].split(' ').map((word) => [word, tone] as const)),
)

/** How a status word of any domain looks. An unknown word is shown as it is, in the quiet tone. */
export function stateLook(status: string): StateLook {
  const key = status
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  const spaced = key.replace(/_/g, ' ')
  return { tone: TONE_OF.get(key) ?? 'paused', word: spaced.charAt(0).toUpperCase() + spaced.slice(1) }
}

/** Whether nothing more will happen by itself to something in this state. */
export function isFinal(status: string): boolean {
  return /^(completed|failed|cancelled|canceled|aborted|done|crashed|expired|superseded|withdrawn)$/i.test(status)
}
