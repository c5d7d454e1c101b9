import { z } from 'zod'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { sampleVenues, type Venue } from '../venues/catalogue.ts'
import { planningTool } from './planning-tool.ts'
import type { Ask } from './provider.ts'

const input = z.object({
  location: z.string().max(200).default(''),
  min_capacity: z.int().min(1).max(1_000_000),
  max_capacity: z.int().min(1).max(2_000_000),
  budget_max: z.number().min(0),
  amenities: z.array(z.string().max(100)).max(50).default([]),
  /** Parts of a city to look in first. */
  areas: z.array(z.string().max(100)).max(20).default([]),
})
const Found = z.object({
  name: z.string().min(1).max(200),
  area: z.string().default(''),
  location: z.string().min(1),
  capacity: z.int().min(1),
  price: z.number().min(0),
  amenities: z.array(z.string()).default([]),
  accessibility: z.array(z.string()).default([]),
  available: z.boolean().default(true),
  website: z.string().default(''),
  fits: z.enum(['any', 'breakout', 'expo']).default('any'),
})
const output = z.object({ venues: z.array(Found), source: z.string() })
export type VenuesFound = { venues: Venue[]; source: string }

/** A shortlist has three; with fewer the search is widened. */
const ENOUGH = 3
const offline = ({ location, min_capacity, budget_max, areas }: z.output<typeof input>): VenuesFound => ({
  venues: sampleVenues({ audience: min_capacity, price_limit: budget_max, place: location || null, areas }),
  source: 'offline catalogue',
})

/** Venues for a size, place and price. Without a provider, or when it fails, the sample catalogue answers. */
export const venueSearch = (ask: Ask | undefined) =>
  planningTool(
    defineTool<z.output<typeof input>, VenuesFound>({
      name: 'venue_search',
      title: 'Venue search',
      description: 'Venues for a size, a place and a price limit, with capacity, price, amenities and accessibility.',
      input: input as never,
      output: output as never,
      touches: ask ? ['network'] : [],
      approval: 'never',
      async run({ signal }, args) {
        if (!ask) return offline(args)
        const { location, min_capacity, max_capacity, budget_max, amenities } = args
        const numbers = { min_capacity, max_capacity, budget_max }
        const query = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]))
        const search = async (question: Record<string, string>) =>
          z.object({ venues: z.array(Found) }).parse(await ask('venues', question, signal)).venues
        const close = await search({ location, ...query, amenities: amenities.join(',') })
        if (close.length >= ENOUGH) return { venues: close, source: 'venue search' }
        // Too few: any price, any equipment, so that the closest can be shown with what speaks against them.
        const wide = await search({ location, min_capacity: query['min_capacity']! })
        const names = new Set(close.map(({ name }) => name.toLowerCase()))
        const more = wide.filter(({ name }) => !names.has(name.toLowerCase()))
        return { venues: [...close, ...more], source: 'venue search, widened' }
      },
      fallback: async (_ctx, args) => offline(args),
    }),
    {
      artifactMapping: [
        { from: 'venues[].name', to: 'VenueLeads.venue_name' },
        { from: 'venues[].website', to: 'VenueLeads.citations' },
        { from: 'venues[].capacity', to: 'VenueShortlist.capacity' },
        { from: 'venues[].price', to: 'VenueShortlist.cost_estimate' },
      ],
      tests: ['src/planning/tools/search.test.ts'],
    },
  )
