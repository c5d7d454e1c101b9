import { describe, expect, it } from 'vitest'
import { bandOf } from './bands.ts'
import { budgetAmount, currencyAmount, inferBudget } from './budget.ts'
import { modeOf, readIntake } from './intake.ts'
import { accessibilityNeeds, locationPreferences, requiredAmenities } from './place.ts'

const NOW = new Date('2025-10-02T12:00:00Z')

describe('budget in words', () => {
  it('reads currency, groups and k or M', () => {
    expect(
      ['Budget $500', 'Budget $50k; x', 'budget is EUR 1,250.50', 'BUDGET: £2m', 'Budget $500k'].map(
        (text) => budgetAmount(text)?.amount,
      ),
    ).toEqual([500, 50_000, 1_250.5, 2_000_000, 500_000])
    expect(budgetAmount('budget is EUR 1,250')?.currency).toBe('EUR')
    expect(currencyAmount('12 people, $5,000 in total')).toEqual({ amount: 5_000, currency: 'USD' })
    expect(currencyAmount('50 people')).toBeNull()
  })
  it('reads groups set apart by spaces, currency words and symbols', () => {
    for (const text of ['50 000 EUR', '50\u202f000 €', '€50\u00a0000', '50\u2009000 euros', 'EUR 50 000', '50k euros'])
      expect([budgetAmount(`Budget ${text} for 2026`), currencyAmount(`we have ${text}, all told`)]).toEqual([
        { amount: 50_000, currency: 'EUR' },
        { amount: 50_000, currency: 'EUR' },
      ])
    expect(currencyAmount('on 14 November 2026 50 000 EUR')?.amount).toBe(50_000)
    expect(currencyAmount('300 European guests')).toBeNull()
    expect(budgetAmount('50 000 EUR budget, 14 and 15 November')).toBeNull()
    expect(budgetAmount('Budget for 120 people: 50 000')?.amount).toBe(50_000)
  })
  it('falls back to the type per head and says so', () => {
    const found = inferBudget({ constraints: '', objectives: 'x', audience_size: 50, event_type: 'gala' })
    expect(found.amount).toBe(7_500)
    expect(found.assumption).toContain('150 USD per head')
  })
})

describe('places and needs', () => {
  it('finds areas, cities, amenities and access', () => {
    expect(locationPreferences('Budget $500; place downtown; step-free access')).toEqual(['downtown'])
    expect(locationPreferences('Budget $50k; in the city center; parallel tracks')).toEqual(['downtown'])
    expect(locationPreferences('in New York; Budget $9')).toEqual(['New York'])
    expect(requiredAmenities('parallel tracks; AV equipment on site')).toEqual(['AV', 'breakout rooms'])
    expect(accessibilityNeeds('step-free access')).toEqual(['step-free access'])
  })
})

describe('intake', () => {
  it('reads the winter party whole', () => {
    const { extracted, missing, brief } = readIntake(
      'Company winter party, 50 guests, Seattle, 6 December 2025, $5,000 in total; we need a venue, food for all diets and a look at the weather',
      NOW,
    )
    expect(extracted).toMatchObject({
      title: 'Company winter party',
      event_type: 'gala',
      audience_size: 50,
      budget_total: 5_000,
      currency: 'USD',
      place: 'Seattle',
      date_range_start: '2025-12-06T18:00:00Z',
      date_range_end: '2025-12-06T22:00:00Z',
    })
    expect(missing).toEqual([])
    expect(inferBudget(brief).amount).toBe(5_000)
    expect(brief.constraints).toContain('in Seattle')
  })
  it.each([
    ['14 and 15 November', '2025-11-14', '2025-11-15'],
    ['14–15 November', '2025-11-14', '2025-11-15'],
    ['14-15 November 2026', '2026-11-14', '2026-11-15'],
    ['November 14–15, 2026', '2026-11-14', '2026-11-15'],
    ['30 November to 2 December 2026', '2026-11-30', '2026-12-02'],
    ['30 December – 2 January', '2025-12-30', '2026-01-02'],
    ['2026-11-14 to 2026-11-15', '2026-11-14', '2026-11-15'],
    ['14 November 2026', '2026-11-14', '2026-11-14'],
  ])('reads the days of "%s"', (days, start, end) => {
    const { extracted } = readIntake(`Developer summit for 300 people on ${days} with a budget of 50 000 EUR`, NOW)
    expect([extracted.date_range_start, extracted.date_range_end].map((one) => one?.slice(0, 10))).toEqual([start, end])
    expect(extracted).toMatchObject({ title: 'Developer summit', budget_total: 50_000, currency: 'EUR' })
  })
  it.each([
    ['Tech summit in Seattle for 300 people on 14 November', 'Tech summit', 'Seattle'],
    ['Plan a two-day developer conference for 1 200 people in New York', 'Two-day developer conference', 'New York'],
    ['Please organise the “Northwind Days” in Seattle', 'Northwind Days', 'Seattle'],
    ['In Seattle Contoso Developer Summit for 80 guests', null, 'Seattle'],
    ['Developer Summit, Lisbon, 80 guests', 'Developer Summit', 'Lisbon'],
    ['We meet in Salt Lake City Annual Gala style. Budget 9000', null, 'Salt Lake City'],
  ])('takes name and place of "%s"', (text, title, place) => {
    expect(readIntake(text, NOW).extracted).toMatchObject({ title, place })
  })
  it('counts heads with groups set apart by spaces', () => {
    expect(readIntake('Conference for 1 200 people', NOW).extracted.audience_size).toBe(1_200)
  })
  it('takes the first Saturday after the lead and names what is missing', () => {
    const { extracted, missing, brief } = readIntake('Help me find a venue for a party, around 50 people', NOW)
    expect(missing).toEqual(['place', 'date'])
    expect(extracted).toMatchObject({ title: null, date_range_start: null, place: null, audience_size: 50 })
    expect(brief.date_range_start).toBe('2025-11-01T18:00:00Z')
    expect(new Date(brief.date_range_start).getUTCDay()).toBe(6)
    expect(brief.assumptions.length).toBeGreaterThanOrEqual(3)
  })
  it('hears how much a person wants to decide', () => {
    expect(['Plan it', 'help me, not sure', 'show me options'].map(modeOf)).toEqual([
      'autonomous',
      'collaborative',
      'interactive',
    ])
  })
  it('bands by audience', () => {
    expect([1, 50, 51, 300, 301].map((n) => bandOf(n).level)).toEqual([
      'Beginner',
      'Beginner',
      'Intermediate',
      'Intermediate',
      'Advanced',
    ])
  })
})
