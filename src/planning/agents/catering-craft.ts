import { cateringPerPerson } from '../formulas/others.ts'
import { money } from '../formulas/round.ts'
import { amount } from '../operations/words.ts'
import { eventDays } from './calendar-days.ts'
import { MENUS } from './menus.ts'
import { allocationsFor } from './shares.ts'
import {
  answerTo,
  type CateringProposal,
  chosenIndex,
  isAtLeast,
  question,
  type TurnInput,
  type TurnOutput,
  turn,
} from './turn.ts'

const MENU_CHOICE = 'Which menu'
const PARTY = /party|wedding|reception|cocktail|celebrat/i
const PACKAGES = [
  { name: 'full', share: 1, note: 'three courses, drinks and coffee' },
  { name: 'light', share: 0.8, note: 'two courses, drinks and coffee' },
  { name: 'basic', share: 0.6, note: 'one course and soft drinks' },
] as const

function styleOf(text: string, type: string): CateringProposal['menu_style'] {
  if (/cocktail/i.test(text)) return 'stations'
  return type === 'gala' || /formal dinner/i.test(text) ? 'plated' : 'buffet'
}

function dietsOf(text: string, audience: number, said: string | undefined): string[] {
  const all = /all diets|dietary/i.test(text)
  return [
    'vegetarian',
    ...(audience > 20 || all || /vegan/i.test(text) ? ['vegan'] : []),
    ...(audience > 30 || all || /gluten/i.test(text) ? ['gluten-free'] : []),
    ...(/kosher/i.test(`${text} ${said ?? ''}`) ? ['kosher'] : []),
    ...(/halal/i.test(`${text} ${said ?? ''}`) ? ['halal'] : []),
  ]
}

export const DIETS_QUESTION = 'Are there special diets'

/** The Catering Coordinator without a model: what the allocation per head and day buys, in as many options as the level asks for. */
export function cateringCraft(input: TurnInput): TurnOutput {
  const { brief, artifacts } = input.board
  const text = `${brief.constraints} ${brief.objectives}`
  const days = eventDays(brief).length
  const split = artifacts.BudgetBaseline?.category_allocations ?? allocationsFor(input).allocations
  const allocated = split.find(({ category }) => category === 'Catering' || category === 'Food')?.allocated ?? 0
  const perHead = Math.floor(cateringPerPerson(allocated, brief.audience_size, days) * 100) / 100
  const affordable =
    money(perHead) * brief.audience_size * days <= allocated + 0.001 ? money(perHead) : money(perHead - 0.01)
  const style = styleOf(text, brief.event_type)
  const diets = dietsOf(text, brief.audience_size, answerTo(input, DIETS_QUESTION))
  const packages = PACKAGES.slice(0, input.level === 'Beginner' ? 1 : input.level === 'Intermediate' ? 2 : 3)
  const choices = PACKAGES.map(({ name, share, note }) => `${name} — ${money(affordable * share)} per person: ${note}`)
  const answer = answerTo(input, MENU_CHOICE)
  if (input.mode === 'interactive' && input.may_ask && answer === undefined)
    return question(
      'The catering money per head is known.',
      `${MENU_CHOICE} do you prefer? ${choices.map((one, i) => `(${i + 1}) ${one}`).join('; ')}`,
      choices,
    )
  const chosen = PACKAGES[answer === undefined ? 0 : chosenIndex(answer, choices)]!
  const price = Math.max(0, Math.floor(affordable * chosen.share * 100 + 1e-6) / 100)
  const menus = MENUS[style]
  const dishes = menus[0]!
  const suits = dishes.flatMap(({ serves }) => serves)
  const asked = diets.filter((diet) => !suits.includes(diet))
  const menu = [
    ...dishes.map(({ name, serves }) => (serves.length > 0 ? `${name} (${serves.join(', ')})` : name)),
    ...asked.map((diet) => `A ${diet} main course, prepared and served apart`),
    'Water, juices and other drinks without alcohol',
    ...(PARTY.test(text) || brief.event_type === 'gala'
      ? ['Wine and beer, served beside the drinks without alcohol']
      : []),
  ]
  const catering: CateringProposal = {
    menu_style: style,
    service_type: input.level === 'Beginner' && price < 20 ? 'drop_off' : 'full_service',
    cost_per_person: price,
    dietary_accommodations: diets,
    sample_menu_items: menu,
    includes_beverages: true,
    includes_dessert: chosen.name === 'full',
    setup_included: true,
    ...(isAtLeast(input.level, 'Intermediate')
      ? {
          options: packages.map(({ name, share, note }) => ({
            name,
            note,
            cost_per_person: money(affordable * share),
            total_cost: money(money(affordable * share) * brief.audience_size * days),
          })),
        }
      : {}),
    ...(input.level === 'Advanced'
      ? {
          daily_menus: Array.from({ length: days }, (_, day) => ({
            day: day + 1,
            lunch: menus[day % menus.length]!.map(({ name }) => name),
            drinks: 'coffee, tea, water, juices',
          })),
          allergen_matrix: menus
            .slice(0, days)
            .flat()
            .map(({ name, contains }) => ({ dish: name, contains: [...contains] })),
        }
      : {}),
  }
  return turn(
    `${input.found.suppliers[0] ? `Compared ${input.found.suppliers.length} caterers, ${input.found.suppliers[0].name} fits best. ` : ''}Propose ${style} catering at ${amount(price)} per person for ${brief.audience_size} people on ${days} day${days > 1 ? 's' : ''}: ${amount(money(price * brief.audience_size * days))} of ${amount(allocated)}. Diets: ${diets.join(', ')}.`,
    [],
    { next_agent: 'budget', catering },
  )
}
