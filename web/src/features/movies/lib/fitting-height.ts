/** Height of a table that is as high as its rows (64 px each on a phone), within the screen. */
export const fittingHeight = (rows: number) => `min(70vh, ${Math.max(4, rows) * 64 + 40}px)`
