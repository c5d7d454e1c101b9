import { z } from 'zod'
import { guardedFetch } from '../../kernel/tools/guarded-fetch.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'

const DAY_MS = 86_400_000
const CODES: Readonly<Record<number, string>> = {
  0: 'clear',
  1: 'mainly clear',
  2: 'partly cloudy',
  3: 'overcast',
  45: 'fog',
  48: 'rime fog',
  51: 'light drizzle',
  53: 'moderate drizzle',
  55: 'dense drizzle',
  61: 'slight rain',
  63: 'moderate rain',
  65: 'heavy rain',
  71: 'slight snow',
  73: 'moderate snow',
  75: 'heavy snow',
  77: 'snow grains',
  80: 'slight rain showers',
  81: 'moderate rain showers',
  82: 'violent rain showers',
  85: 'slight snow showers',
  86: 'heavy snow showers',
  95: 'thunderstorm',
  96: 'thunderstorm with slight hail',
  99: 'thunderstorm with heavy hail',
}
/** A weather code in words. */
export const weatherWord = (code: number): string => CODES[code] ?? 'unknown'

type Fetch = (url: string, signal: AbortSignal) => Promise<{ status: number; json(): unknown }>
const overNetwork: Fetch = (url, signal) => guardedFetch(url, { signal, timeoutMs: 10_000 })

type Place = { name: string; country: string; latitude: number; longitude: number }
const Geo = z.object({
  results: z
    .array(z.object({ name: z.string(), country: z.string().default(''), latitude: z.number(), longitude: z.number() }))
    .default([]),
})
const Daily = z.object({
  daily: z.object({
    time: z.array(z.string()),
    weather_code: z.array(z.number()),
    temperature_2m_max: z.array(z.number()),
    temperature_2m_min: z.array(z.number()),
    precipitation_probability_max: z.array(z.number().nullable()),
  }),
})
const input = z.object({ location: z.string().min(1).max(200), days: z.int().min(1).max(7).default(3) })

async function placeOf(location: string, fetch: Fetch, signal: AbortSignal): Promise<Place | string> {
  const pair = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(location)
  if (pair) {
    const [latitude, longitude] = [Number(pair[1]), Number(pair[2])]
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
      return `Error: ${location} are not coordinates: latitude -90 to 90, longitude -180 to 180`
    return { name: `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`, country: '', latitude, longitude }
  }
  const answer = await fetch(
    `https://geocoding-api.open-meteo.com/v1/search?count=1&name=${encodeURIComponent(location)}`,
    signal,
  )
  const wrong = checked(answer.status, 'place service')
  if (wrong) return wrong
  const [found] = Geo.parse(answer.json()).results
  return found ?? `Error: no place called ${location}`
}

class WeatherDown extends Error {
  readonly transient = true
}
const checked = (status: number, service: string) => {
  if (status === 429 || status >= 500) throw new WeatherDown(`the ${service} answered ${status}`)
  return status === 200 ? null : `Error: the ${service} answered ${status}`
}

/**
 * Forecast for a city or `lat,lon`, one line a day; errors a person can mend are texts, a service that is away is thrown as transient. No key is
 * needed (Open-Meteo).
 */
export async function forecastText(
  { location, days }: z.output<typeof input>,
  signal: AbortSignal,
  fetch: Fetch = overNetwork,
): Promise<string> {
  try {
    const place = await placeOf(location, fetch, signal)
    if (typeof place === 'string') return place
    const fields = 'weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max'
    const answer = await fetch(
      `https://api.open-meteo.com/v1/forecast?latitude=${place.latitude}&longitude=${place.longitude}&daily=${fields}&forecast_days=${days}&timezone=UTC`,
      signal,
    )
    const wrong = checked(answer.status, 'weather service')
    if (wrong) return wrong
    const { daily } = Daily.parse(answer.json())
    const lines = daily.time.map(
      (date, i) =>
        `${date}: ${weatherWord(daily.weather_code[i]!)}, ${daily.temperature_2m_min[i]!.toFixed(1)}–${daily.temperature_2m_max[i]!.toFixed(1)} °C, rain ${daily.precipitation_probability_max[i] ?? 0} %`,
    )
    return [`Weather for ${[place.name, place.country].filter(Boolean).join(', ')}`, ...lines].join('\n')
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof WeatherDown) throw error
    throw new WeatherDown(`the weather service cannot be reached (${(error as Error).message})`)
  }
}

export const weatherTool = defineTool({
  name: 'get_weather_forecast',
  title: 'Weather forecast',
  description: 'Forecast of up to 7 days for a city or "lat,lon".',
  input,
  output: z.string(),
  touches: ['network'],
  approval: 'never',
  timeoutMs: 10_000,
  retry: { maxAttempts: 3, backoffMs: 500, factor: 2 },
  run: ({ signal }, args) => forecastText(args, signal),
  fallback: async (_ctx, _args, error) => `Error: ${(error as Error).message}`,
})

export const NO_FORECAST = 'no forecast for that date'

/** How many days to ask for so that the event's first day is among them; a text when the forecast does not reach it. */
export function forecastDays(place: string | null, start: string, now: Date): number | string {
  const ahead = Math.floor((Date.parse(start.slice(0, 10)) - Date.parse(now.toISOString().slice(0, 10))) / DAY_MS)
  if (ahead < 0 || ahead >= 7) return NO_FORECAST
  return place ? ahead + 1 : 'no forecast without a place'
}
