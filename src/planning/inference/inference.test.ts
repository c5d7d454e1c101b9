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
