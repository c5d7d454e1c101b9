import { money } from '../formulas/round.ts'
import { type Band, bandOf } from '../inference/bands.ts'

/** A room as venue_search finds it. */
export type Venue = {
  name: string
  area: string
  location: string
  capacity: number
  price: number
  amenities: string[]
  accessibility: string[]
  available: boolean
  website: string
  fits: 'any' | 'breakout' | 'expo'
}
export type VenueQuery = { audience: number; price_limit: number; place: string | null; areas: readonly string[] }

type Row = {
  name: string
  area: string
  /** Capacity as a multiple of the audience: rooms are set up to the size asked for. */
  seats: number
  /** Price as a share of the venue money; never below the band's floor per seat. */
  price: number
  amenities?: readonly string[]
  access?: readonly string[]
  fits?: Venue['fits']
  taken?: true
}
const FULL = ['AV', 'Wi-Fi', 'breakout rooms', 'streaming', 'catering kitchen', 'parking']
const ACCESS = ['step-free access', 'hearing loop']

const shared = (names: readonly string[]): Row[] => [
  { name: names[0]!, area: 'downtown', seats: 1.25, price: 0.8 },
  { name: names[1]!, area: 'downtown', seats: 1.2, price: 0.86 },
  { name: names[2]!, area: 'downtown', seats: 1.4, price: 0.9, access: ['step-free access'] },
  { name: names[3]!, area: 'downtown', seats: 1.35, price: 0.92 },
  { name: names[4]!, area: 'waterfront', seats: 1.3, price: 0.88 },
  { name: names[5]!, area: 'downtown', seats: 1.15, price: 0.95, amenities: ['AV', 'Wi-Fi', 'parking'] },
  {
    name: names[6]!,
    area: 'suburb',
    seats: 1.45,
    price: 0.6,
    amenities: ['Wi-Fi', 'parking'],
    access: ['step-free access'],
  },
  { name: names[7]!, area: 'airport', seats: 1.25, price: 0.7, amenities: ['AV', 'Wi-Fi', 'parking'] },
  { name: names[8]!, area: 'downtown', seats: 0.6, price: 0.5 },
  { name: names[9]!, area: 'downtown', seats: 1.3, price: 1.6 },
  { name: names[10]!, area: 'waterfront', seats: 2.6, price: 2.2 },
  { name: names[11]!, area: 'downtown', seats: 1.3, price: 0.9, taken: true },
]

/** At least twelve venues a band: more than five inside the default criteria, some too small, too large, too dear or taken. */
const CATALOGUE: Readonly<Record<Band, { floor: number; rows: readonly Row[] }>> = {
  small: {
    floor: 3,
    rows: shared([
      'Lantern Loft',
      'Corner Library',
      'Foundry Studio',
      'Old Post Room',
      'Pier House',
      'Maple Court',
      'Garden Hall',
      'Runway Rooms',
      'Little Attic',
      'Crystal Salon',
      'Harbour Pavilion',
      'Clocktower Room',
    ]),
  },
  mid: {
    floor: 15,
    rows: shared([
      'Union Conference Centre',
      'Meridian Hall',
      'Brick Works',
      'Civic Forum',
      'Quay Centre',
      'Linden House',
      'Parkside Campus',
      'Terminal Hotel',
      'Chapel Rooms',
      'Grand Palais',
      'Dockside Arena',
      'Observatory Hall',
    ]),
  },
  large: {
    floor: 20,
    rows: [
      ...shared([
        'Metropol Congress',
        'Northgate Centre',
        'Assembly Hall',
        'Capitol Forum',
        'Bayfront Centre',
        'Sterling Congress',
        'Fairground East',
        'Skyport Centre',
        'Atrium House',
        'Imperial Centre',
        'Stadium Halls',
        'Central Exchange',
      ]),
      { name: 'Workshop Quarter', area: 'downtown', seats: 0.5, price: 0.2, fits: 'breakout' },
      { name: 'Seminar House', area: 'downtown', seats: 0.45, price: 0.22, fits: 'breakout' },
      { name: 'Trade Hall One', area: 'downtown', seats: 0.9, price: 0.22, fits: 'expo' },
      { name: 'Riverside Halls', area: 'waterfront', seats: 0.8, price: 0.25, fits: 'expo' },
    ],
  },
}
/** Where the pages of sample venues would be; nobody has this address. */
export const SAMPLE_SITE = 'https://venues.example.org/'
/** Main halls of large events share the venue money with breakout and expo venues. */
const LARGE_MAIN_SHARE = 0.6

const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

/**
 * The offline catalogue: sample venues set up for the size and money asked for, the same for the same question. A price never falls below a floor per
 * seat, so too small a budget finds nothing that fits.
 */
export function sampleVenues({ audience, price_limit, place, areas }: VenueQuery): Venue[] {
  const { band } = bandOf(audience)
  const { floor, rows } = CATALOGUE[band]
  return rows.map((row) => {
    const capacity = Math.max(1, Math.ceil(audience * row.seats))
    const shares = band === 'large' && !row.fits && row.price <= 1
    const share = shares ? row.price * LARGE_MAIN_SHARE : row.price
    const home = row.area === 'downtown' && areas[0] ? areas[0] : row.area
    return {
      name: row.name,
      area: home,
      location: place ? `${home}, ${place}` : home,
      capacity,
      price: money(Math.max(Math.floor(price_limit * share), floor * capacity)),
      amenities: [...(row.amenities ?? FULL)],
      accessibility: [...(row.access ?? ACCESS)],
      available: !row.taken,
      website: `${SAMPLE_SITE}${slug(row.name)}`,
      fits: row.fits ?? 'any',
    }
  })
}
