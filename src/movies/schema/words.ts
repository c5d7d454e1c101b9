import { z } from 'zod'

/** Words of a text: runs of non-blank characters. */
export const countWords = (text: string) => text.match(/\S+/g)?.length ?? 0

/** A text of 1 … `max` words. The limit is repeated in the description, where prompts and OpenAPI read it. */
export const wordText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .refine((text) => countWords(text) <= max, { error: `must have at most ${max} words` })
    .meta({ maxWords: max, description: `at most ${max} words` })

export const text = z.string().trim().min(1)
export const texts = z.array(z.string())
