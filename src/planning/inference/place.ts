const AREAS: readonly [pattern: RegExp, area: string][] = [
  [/\b(downtown|city cent(?:er|re)|in the cent(?:er|re)|central)\b/i, 'downtown'],
  [/\b(waterfront|harbou?r|riverside|lakeside)\b/i, 'waterfront'],
  [/\b(suburbs?|outskirts)\b/i, 'suburb'],
  [/\b(airport)\b/i, 'airport'],
]
const NOT_PLACES =
  /^(January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Budget|AI|AV|USD|EUR|GBP|Company|Please|Our|For|With|It|There|Food|Guests|Catering|Annual|Plan|Need|The|We|I|Q[1-4]|Help|Christmas)$/
const EVENT_WORDS =
  /^(festival|conference|summit|expo|congress|workshop|offsite|training|gala|wedding|party|reception|dinner|cocktail|meet-?up|lunch|get-together|launch|hackathon|retreat|forum|symposium)s?$/i
const CITY_STARTS =
  /^(New|San|Santa|Los|Las|Saint|St|Fort|Mexico|Cape|Hong|Kuala|Buenos|Tel|Abu|Den|Bad|El|La|Le|Salt|Palo|Sao|São|Port|Puerto|North|South|East|West|Novi|Addis|Baton|Little)$/
const CITY_ENDS = /^(City|Bay|Beach|Island|Valley|Park|Springs|Falls|Heights|Area|County|DC)$/
const NAMED = /\b(?:[Ii]n|[Nn]ear|[Aa]round|[Aa]t)[ \t]+((?:\p{Lu}[\p{L}'-]+)(?:[ \t]+\p{Lu}[\p{L}'-]+)*)/gu
const LISTED = /(?:^|[,;])\s*((?:\p{Lu}[\p{L}'-]+)(?:[ \t]+\p{Lu}[\p{L}'-]+)?)\s*(?=[,;.]|$)/gu

/** The words of a run of capitalised ones that are the place: the name of an event that follows is left out. */
function placeWords(run: readonly string[]): string[] {
  const start = run.findIndex((word) => !NOT_PLACES.test(word))
  if (start < 0 || EVENT_WORDS.test(run[start]!)) return []
  const rest = run.slice(start)
  const stop = rest.findIndex((word) => NOT_PLACES.test(word))
  const words = rest.slice(0, stop < 0 ? 3 : Math.min(3, stop))
  if (!rest.some((word) => EVENT_WORDS.test(word))) return words
  let length = CITY_STARTS.test(words[0]!) && words[1] && !EVENT_WORDS.test(words[1]) ? 2 : 1
  if (words[length] && CITY_ENDS.test(words[length]!)) length += 1
  return words.slice(0, length)
}

/** A city or region named in the text, e.g. "in Seattle" or ", Seattle,"; null without one. */
export function namedPlace(text: string): string | null {
  for (const pattern of [NAMED, LISTED])
    for (const match of text.matchAll(pattern)) {
      const run = match[1]!.split(/\s+/)
      if (pattern === LISTED && run.some((word) => EVENT_WORDS.test(word))) continue
      const words = placeWords(run)
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
