import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Monotonic ULIDs (github.com/ulid/spec): 10 characters of time in ms, 16 of randomness. Within one millisecond, and when
 * the clock steps back, the random part of the last id is increased by one.
 */
export function createUlid(now: () => number = Date.now): () => string {
  const random = new Uint8Array(16)
  let lastTime = -1
  const draw = () => {
    randomFillSync(random)
    for (let i = 0; i < 16; i++) random[i]! &= 31
  }
  return () => {
    const time = now()
    if (time > lastTime) {
      lastTime = time
      draw()
    } else {
      let i = 15
      while (i >= 0 && random[i] === 31) random[i--] = 0
      if (i < 0) {
        lastTime++
        draw()
      } else random[i]!++
    }
    let id = ''
    for (let rest = lastTime, i = 0; i < 10; i++) {
      id = ALPHABET[rest % 32] + id
      rest = Math.floor(rest / 32)
    }
    for (let i = 0; i < 16; i++) id += ALPHABET[random[i]!]
    return id
  }
}

export const ulid = createUlid()
