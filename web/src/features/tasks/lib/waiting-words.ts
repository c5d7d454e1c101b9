const WORDS: Record<string, string> = {
  agents_busy: 'Every agent that can do it is busy.',
  no_capable_agent: 'No registered agent has this capability. Start one, or edit and retry the step.',
}

/** Why a step waits, in words; an unknown reason is shown as it is. */
export const waitingWords = (reason: string): string => WORDS[reason] ?? reason.replaceAll('_', ' ')
