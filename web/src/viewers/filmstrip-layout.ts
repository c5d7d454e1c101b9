export type Frame = {
  id: string
  title: string
  caption?: string
  image?: string
  status: string
  seconds?: number
  note?: string
}
export type TimedFrame = Frame & { from: number; to: number }

/** When each frame is on screen, one after the other; a frame without a length takes `fallback` seconds. */
export function frameTimes(frames: readonly Frame[], fallback = 3): TimedFrame[] {
  let at = 0
  return frames.map((frame) => {
    const from = at
    at += frame.seconds && frame.seconds > 0 ? frame.seconds : fallback
    return { ...frame, from, to: at }
  })
}

/** The frame on screen at a time: the last one at and after the end, the first before the beginning. */
export function frameAt(frames: readonly TimedFrame[], seconds: number): TimedFrame | undefined {
  let [low, high] = [0, frames.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (frames[middle]!.to <= seconds) low = middle + 1
    else high = middle
  }
  return frames[low]
}

/** Seconds as m:ss. */
export function timecode(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
}
