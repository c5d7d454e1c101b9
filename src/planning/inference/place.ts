const AREAS: readonly [pattern: RegExp, area: string][] = [
  [/\b(downtown|city cent(?:er|re)|in the cent(?:er|re)|central)\b/i, 'downtown'],
  [/\b(waterfront|harbou?r|riverside|lakeside)\b/i, 'waterfront'],
  [/\b(suburbs?|outskirts)\b/i, 'suburb'],
  [/\b(airport)\b/i, 'airport'],
]
const NOT_PLACES =
  /^(January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Budget|AI|AV|USD|EUR|GBP|Company|The|We|I|Q[1-4]|Help|Christmas)$/
const NAMED = /\b(?:in|near|around|at)\s+((?:[A-Z][\p{L}'-]+)(?:\s+[A-Z][\p{L}'-]+){0,2})/gu
const LISTED = /(?:^|[,;])\s*((?:[A-Z][\p{L}'-]+)(?:\s+[A-Z][\p{L}'-]+)?)\s*(?=[,;.]|$)/gu

/** A city or region named in the text, e.g. "in Seattle" or ", Seattle,"; null without one. */
export function namedPlace(text: string): string | null {
  for (const pattern of [NAMED, LISTED])
    for (const match of text.matchAll(pattern)) {
      const words = match[1]!.split(/\s+/).filter((word) => !NOT_PLACES.test(word))
      if (words.length > 0) return words.join(' ')
    }
  return null
}

/** What the texts prefer about the place: areas such as `downtown`, and a named city. */
export function locationPreferences(text: string): string[] {
  const areas = AREAS.filter(([pattern]) => pattern.test(text)).map(([, area]) => area)
  const city = namedPlace(text)
  return [...(city ? [city] : []), ...areas]
}

const AMENITIES: readonly [pattern: RegExp, amenity: string][] = [
  [/\bAV\b|audio|projector|on-?site and streamed|\bscreens?\b/i, 'AV'],
  [/parallel tracks|breakouts?|several venues|labs/i, 'breakout rooms'],
  [/stream(?:ed|ing)/i, 'streaming'],
  [/wi-?fi|internet/i, 'Wi-Fi'],
  [/parking/i, 'parking'],
]
const ACCESSIBILITY: readonly [pattern: RegExp, need: string][] = [
  [/step-?free|wheelchair|accessib/i, 'step-free access'],
  [/hearing loop/i, 'hearing loop'],
]
const matching = (rows: readonly [RegExp, string][], text: string) =>
  rows.filter(([pattern]) => pattern.test(text)).map(([, value]) => value)

export const requiredAmenities = (text: string): string[] => matching(AMENITIES, text)
export const accessibilityNeeds = (text: string): string[] => matching(ACCESSIBILITY, text)

/** Words that say nobody may be left out at the table. */
export const isSpecialised = (text: string): boolean =>
  /\b(medical|hospital|clinic|religious|church|mosque|synagogue|temple|kosher|halal)\b/i.test(text)
