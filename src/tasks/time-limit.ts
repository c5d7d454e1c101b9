/**
 * Seconds an attempt may take, whole as agents are told them (2.3): what the step asks for when it lies within 1 to 3600 (3.7.1), else the
 * setting. A model that splits a job may ask for anything.
 */
export const timeLimitOf = (asked: unknown, fallback: number): number =>
  typeof asked === 'number' && asked >= 1 && asked <= 3600 ? Math.ceil(asked) : fallback
