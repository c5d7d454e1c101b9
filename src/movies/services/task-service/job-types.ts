/** Kinds of jobs of the Task Service and how long one may take, in seconds (contract 2.6.3). */
export const JOB_SECONDS = {
  generate_image: 300,
  generate_video: 900,
  generate_character_voice: 300,
  process_audio: 600,
  render_animation: 900,
  test_prompt: 120,
} as const
export type JobType = keyof typeof JOB_SECONDS

export type JobRequest = { type: JobType; data: Record<string, unknown> }

/** 1 high, 2 normal, 3 low. */
export const jobPriority = (priority: number): 1 | 2 | 3 => (priority >= 8 ? 1 : priority >= 4 ? 2 : 3)

/** Seconds to wait before the n-th look at a job, counted from 1; `random` 0 … 1 spreads it by a tenth. */
export function pollSeconds(n: number, estimated: number | null, random: number, shortest = 2): number {
  const first = Math.max(shortest, Math.min((estimated ?? 0) / 4, 5 * shortest))
  const base = n === 1 ? first : Math.min(5 * shortest, shortest * 1.5 ** (n - 2))
  return base * (0.9 + random * 0.2)
}
