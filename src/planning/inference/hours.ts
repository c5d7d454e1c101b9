const TIME = String.raw`(\d{1,2})(?:[:.h](\d{2}))?\s?(am|pm|a\.m\.|p\.m\.|uhr|o'clock|h)?`
const RANGE = new RegExp(String.raw`(?<![\d.,$€£])${TIME}\s*(?:-|–|—|to|until|till|and)\s*${TIME}(?![.,]?\d|%)`, 'gi')
const START = new RegExp(
  String.raw`\b(?:at|from|starting|starts|begins|beginning)\s+(?:at\s+)?${TIME}(?![.,]?\d|%)`,
  'gi',
)

type Hours = { from: number; to: number | null }

const isHalf = (half: string | undefined) => half !== undefined && /^[ap]/i.test(half)
/** Hours after midnight, or undefined for what is no time of day. A time needs minutes or a word that says so. */
function hour(digits: string, minutes: string | undefined, half: string | undefined): number | undefined {
  const whole = Number(digits)
  const part = Number(minutes ?? 0) / 60
  if (part >= 1) return undefined
  if (isHalf(half))
    return whole >= 1 && whole <= 12 ? (whole % 12) + (half!.toLowerCase().startsWith('p') ? 12 : 0) + part : undefined
  return whole <= 24 ? whole + part : undefined
}

/**
 * The hours of day a text names: "from 18:00 to 21:30", "6–9 pm", "at 7pm". `to` is after `from`, past 24 when it ends after midnight, and null
 * when only the start is said. Undefined when the text names none; plain numbers ("14 and 15 November") are not hours.
 */
export function hoursIn(text: string): Hours | undefined {
  for (const [, digits, minutes, half, digits2, minutes2, half2] of text.matchAll(RANGE)) {
    const said = minutes ?? half ?? minutes2 ?? half2
    if (said === undefined) continue
    // "6-9 pm": the half of the end holds for the start, unless that would put it behind the end.
    let from = hour(digits!, minutes, half ?? half2)
    const to = hour(digits2!, minutes2, half2)
    if (from !== undefined && to !== undefined && half === undefined && isHalf(half2) && from >= to)
      from = hour(digits!, minutes, 'am')
    if (from === undefined || to === undefined || from === to) continue
    return { from, to: to > from ? to : to + 24 }
  }
  for (const [, digits, minutes, half] of text.matchAll(START)) {
    if ((minutes ?? half) === undefined) continue
    const from = hour(digits!, minutes, half)
    if (from !== undefined) return { from, to: null }
  }
  return undefined
}
