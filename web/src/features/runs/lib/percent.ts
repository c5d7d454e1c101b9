/** A run's progress as a number from 0 to 100, whichever way it is counted. */
export const percentOf = (progress: number) => Math.round(progress <= 1 ? progress * 100 : Math.min(100, progress))
