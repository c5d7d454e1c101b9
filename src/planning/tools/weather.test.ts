import { expect, it } from 'vitest'
import { forecastDays, forecastText, weatherWord } from './weather.ts'

const signal = new AbortController().signal
const DAILY = {
  time: ['2027-01-01', '2027-01-02'],
  weather_code: [61, 42],
  temperature_2m_max: [3.25, 4],
  temperature_2m_min: [-1, 0.5],
  precipitation_probability_max: [80, null],
}
const server = (
  status = 200,
  results: object[] = [{ name: 'Oslo', country: 'Norway', latitude: 59.9, longitude: 10.7 }],
) => {
  const urls: string[] = []
  const fetch = async (url: string) => {
    urls.push(url)
    return { status, json: () => (url.includes('geocoding') ? { results } : { daily: DAILY }) }
  }
  return { urls, fetch }
}

it('gives a line a day under the place and its country, or the coordinates to four decimals', async () => {
  const { urls, fetch } = server()
  const text = await forecastText({ location: 'Oslo', days: 2 }, signal, fetch)
  expect(text.split('\n')).toEqual([
    'Weather for Oslo, Norway',
    '2027-01-01: slight rain, -1.0–3.3 °C, rain 80 %',
    '2027-01-02: unknown, 0.5–4.0 °C, rain 0 %',
  ])
  expect(urls[1]).toContain('forecast_days=2')
  expect(await forecastText({ location: '59.91,10.75', days: 1 }, signal, fetch)).toContain(
    'Weather for 59.9100, 10.7500',
  )
})

it('tells unknown places, wrong coordinates and refusals apart; a service that is away may be asked again', async () => {
  expect(await forecastText({ location: 'Nowhere', days: 1 }, signal, server(200, []).fetch)).toBe(
    'Error: no place called Nowhere',
  )
  expect(await forecastText({ location: '99,10', days: 1 }, signal, server().fetch)).toContain('are not coordinates')
  expect(await forecastText({ location: 'Oslo', days: 1 }, signal, server(400).fetch)).toContain('answered 400')
  await expect(forecastText({ location: 'Oslo', days: 1 }, signal, server(503).fetch)).rejects.toMatchObject({
    transient: true,
  })
})

it('is asked only for days within its reach', () => {
  const now = new Date('2027-01-01T10:00:00Z')
  expect(forecastDays('Oslo', '2026-12-31T10:00:00Z', now)).toBe('no forecast for that date')
  expect(forecastDays('Oslo', '2027-01-08T10:00:00Z', now)).toBe('no forecast for that date')
  expect(forecastDays(null, '2027-01-02T10:00:00Z', now)).toBe('no forecast without a place')
  expect(forecastDays('Oslo', '2027-01-07T10:00:00Z', now)).toBe(7)
  expect(weatherWord(99)).toBe('thunderstorm with heavy hail')
})
