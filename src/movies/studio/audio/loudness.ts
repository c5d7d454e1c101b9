/** Silence has no loudness; the standard's absolute gate stands for it. */
export const SILENCE_LUFS = -70

/** The K-weighting of ITU-R BS.1770-4 for any sample rate: a shelf for the head, a high-pass for the ear. */
function kWeighting(rate: number): { b: [number, number, number]; a: [number, number] }[] {
  const shelf = () => {
    const [gain, q, f] = [3.999843853973347, 0.7071752369554196, 1681.974450955533]
    const k = Math.tan((Math.PI * f) / rate)
    const vh = 10 ** (gain / 20)
    const vb = vh ** 0.4996667741545416
    const a0 = 1 + k / q + k * k
    return {
      b: [(vh + (vb * k) / q + k * k) / a0, (2 * (k * k - vh)) / a0, (vh - (vb * k) / q + k * k) / a0] as [
        number,
        number,
        number,
      ],
      a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] as [number, number],
    }
  }
  const highPass = () => {
    const [q, f] = [0.5003270373238773, 38.13547087602444]
    const k = Math.tan((Math.PI * f) / rate)
    const a0 = 1 + k / q + k * k
    return {
      b: [1, -2, 1] as [number, number, number],
      a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] as [number, number],
    }
  }
  return [shelf(), highPass()]
}

function filtered(samples: Float32Array, { b, a }: { b: [number, number, number]; a: [number, number] }): Float32Array {
  const out = new Float32Array(samples.length)
  let [x1, x2, y1, y2] = [0, 0, 0, 0]
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2
    out[i] = y
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
  }
  return out
}

const toLufs = (power: number) => -0.691 + 10 * Math.log10(power)

/** Integrated loudness of a mono track in LUFS (ITU-R BS.1770-4: 400 ms blocks, gates at -70 LUFS and 10 LU below). */
export function loudness(samples: Float32Array, rate: number): number {
  const weighted = kWeighting(rate).reduce(filtered, samples)
  const [block, step] = [Math.round(rate * 0.4), Math.round(rate * 0.1)]
  const powers: number[] = []
  const sums = new Float64Array(weighted.length + 1)
  for (let i = 0; i < weighted.length; i++) sums[i + 1] = sums[i]! + weighted[i]! * weighted[i]!
  for (let at = 0; at + block <= weighted.length; at += step) powers.push((sums[at + block]! - sums[at]!) / block)
  const heard = powers.filter((power) => power > 0 && toLufs(power) > SILENCE_LUFS)
  const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length
  if (heard.length === 0) return SILENCE_LUFS
  const gate = toLufs(mean(heard)) - 10
  const loud = heard.filter((power) => toLufs(power) > gate)
  return Math.round(toLufs(mean(loud.length > 0 ? loud : heard)) * 10) / 10
}

export const peak = (samples: Float32Array): number => {
  let high = 0
  for (const sample of samples) high = Math.max(high, Math.abs(sample))
  return Math.round(high * 1000) / 1000
}
