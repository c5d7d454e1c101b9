import type { Prop } from '../draw/figure/draw-figure.ts'
import type { Mood } from '../draw/figure/head-types.ts'
import type { PoseName } from '../draw/figure/pose.ts'

/** What a person does in a frame, read from the words about them. */
export type Acting = {
  pose: PoseName
  mood: Mood
  prop: Prop | null
  speaking: boolean
  away: boolean
  place: Mark | null
}
export type Mark = { side: -1 | 0 | 1 | null; depth: 'front' | 'back' | null }

const first = <T>(table: readonly (readonly [RegExp, T])[], text: string): T | undefined =>
  table.find(([rule]) => rule.test(text))?.[1]

const POSE_WORDS: [RegExp, PoseName][] = [
  [
    /\b(lies (?:on|in|down|still|asleep|there|dead|under)|lying|asleep|sleeps|sleeping|dead|unconscious|collapse[sd]?|faint)/i,
    'lie',
  ],
  [/\b(run|runs|running|flees?|chases?|rush(?:es)?|sprint|escap|hurr(?:y|ies))/i, 'run'],
  [/\b(kneels?|kneeling|prays?|praying)/i, 'kneel'],
  [/\b(crouch|hides?|hiding|ducks?|sneak)/i, 'crouch'],
  [/\b(fights?|fighting|struggl|attack|punch|strikes? at|wrestl|duel)/i, 'fight'],
  [/\b(recoil|flinch|startl|shrinks|steps? back|backs? away|horrified|stumbles?)/i, 'recoil'],
  [/\b(types?|typing|writes?|writing|operates?|at the (?:desk|console|controls|keyboard|radio))/i, 'type'],
  [/\b(sits?|sitting|seated|drives?|driving|rows?|rowing)/i, 'sit'],
  [
    /\b(repairs?|works?|fix(?:es)?|builds?|examin|search(?:es)?|digs?|cooks?|cleans?|bends? over|turns? the (?:wheel|crank|key))/i,
    'work',
  ],
  [/\b(points?|pointing|accus|aims?|gestures? (?:at|to))/i, 'point'],
  [/\b(reach|grabs?|takes?|pulls?|touch|opens?|pushes|catches)/i, 'reach'],
  [
    /\b(raises?|lifts?|waves? (?:at|to|a|an|his|her|their|the|back|goodbye)|waves?$|signals? (?:to|for|with)|salutes?|cheers?)\b/i,
    'raise',
  ],
  [
    /\b(holds?|holding|clutch|reads?|reading|shows?|in the hands of|carries|carrying|hands? (?:over|him|her|them)|keeps? .{0,20} in (?:his|her|their) hands)/i,
    'hold',
  ],
  [/\b(looks? up|gaz(?:es|ing) (?:up|at the (?:sky|stars))|stars)/i, 'look_up'],
  [/\b(looks? down|mourn|head bowed|weeps?|weeping)/i, 'look_down'],
  [
    /\b(walks?|walking|enters?|leaves?|cross(?:es)?|approach|arriv|comes? closer|follow|wander|steps? (?:in|out|toward|closer)|climbs?)/i,
    'walk',
  ],
  [/\b(leans?|leaning)/i, 'lean'],
  [/\b(bows|bowing)\b/i, 'bow'],
  [/\b(confronts?|defies|defiant|challenges?|blocks?)/i, 'hips'],
  [/\b(refus|waits?|waiting|watch|guards?|stands? apart|doubts?)/i, 'crossed'],
  [/\b(explains?|argues?|pleads?|insist|persuad|warns?)/i, 'explain'],
  [/\b(speaks?|says?|tells?|asks?|answers?|replies|whispers?|shouts?|calls?|talks?)/i, 'talk'],
  [/\b(listens?|hears?|listening)/i, 'listen'],
]
const SPEAKING =
  /\b(speaks?|says?|tells?|asks?|answers?|replies|whispers?|shouts?|argues?|pleads?|explains?|calls?|sings?|talks?)\b/i
const MOOD_WORDS: [RegExp, Mood][] = [
  [/\b(afraid|fear|terrif|panic|scared|horror|dread|frightened|nearly lost)/i, 'afraid'],
  [/\b(angr|fur(?:y|ious)|rage|shout|confront|accus|snarl|hostile)/i, 'angry'],
  [/\b(sad|cry|cries|tears|grief|mourn|weep|lonely|heartbroken|regret)/i, 'sad'],
  [/\b(smil|laugh|joy|happy|relief|relieved|celebrat|delight|grin)/i, 'happy'],
  [/\b(surpris|shock|startl|realis|realiz|discover|astonish|gasp)/i, 'surprised'],
  [/\b(determin|resol|stern|refus|insist|decid|steel|warn)/i, 'determined'],
]
const PROP_WORDS: [RegExp, Prop][] = [
  [/\b(letter|note\b|paper|map|photograph|photo|document|telegram|page|blueprint)/i, 'paper'],
  [/\b(book|diary|journal|logbook|ledger|manual)/i, 'book'],
  [/\b(lantern|torch|flashlight|candle|hand lamp|oil lamp)/i, 'lamp'],
  [/\b(suitcase|briefcase|satchel|bag)/i, 'bag'],
  [/\b(box|crate|chest|parcel|package|case)\b/i, 'box'],
  [/\b(phone|recorder|radio|receiver|device|tablet|drive|tape|handset|transmitter)/i, 'phone'],
  [/\b(wrench|tool|hammer|spanner|screwdriver)/i, 'tool'],
  [/\b(gun|pistol|rifle|sword|knife|blade|spear|axe|weapon)/i, 'weapon'],
  [/\b(cup|mug|glass of|bottle|tea|coffee)/i, 'cup'],
  [/\b(key)\b/i, 'key'],
]
const HANDS: ReadonlySet<PoseName> = new Set([
  'hold',
  'raise',
  'carry',
  'reach',
  'point',
  'walk',
  'run',
  'stand',
  'talk',
  'relaxed',
])

const quotedWords = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The part of the text that is about a person: their clauses, without what is said aloud. */
function aboutThem(text: string, name: string): string {
  const silent = text.replace(/[“"][^”"]*[”"]/g, ' ')
  const own = silent
    .split(/[.;:!?]|,(?= (?:and |while |as |but )?\p{Lu})/u)
    .filter((clause) => new RegExp(`\\b${quotedWords(name)}\\b`, 'i').test(clause))
  return own.join('. ')
}

/** In a clause with several people the verb after the name is theirs. */
function after(clauses: string, name: string): string {
  const match = new RegExp(`\\b${quotedWords(name)}\\b(?:['’]s)?`, 'i').exec(clauses)
  return match ? clauses.slice(match.index + match[0].length) : clauses
}

const IDLE: readonly PoseName[] = ['listen', 'crossed', 'relaxed', 'hips', 'stand', 'lean']

export function readMark(text: string): Mark | null {
  const side = /\bleft\b/i.test(text)
    ? -1
    : /\bright\b/i.test(text)
      ? 1
      : /\bcent(?:re|er)|middle\b/i.test(text)
        ? 0
        : null
  const depth = /\b(background|behind|far|doorway|distance)\b/i.test(text)
    ? 'back'
    : /\b(foreground|close to the lens|near the camera|in front)\b/i.test(text)
      ? 'front'
      : null
  return side === null && depth === null ? null : { side, depth }
}

export type ActingInput = {
  description: string
  name: string
  index: number
  others: number
  note: string
  goal: string
}

/** Reads the acting of one person; who the text leaves idle gets a natural waiting pose by their place in the frame. */
export function readActing(input: ActingInput): Acting {
  const clauses = aboutThem(input.description, input.name)
  const own = after(clauses, input.name)
  const said = first(POSE_WORDS, own) ?? first(POSE_WORDS, input.note)
  const alone = input.others === 0
  const general =
    alone || input.index === 0 ? first(POSE_WORDS, input.description.replace(/[“"][^”"]*[”"]/g, ' ')) : undefined
  const pose = said ?? general ?? IDLE[(input.index + input.name.length) % IDLE.length]!
  const words = `${clauses} ${input.note}`
  const held =
    first(PROP_WORDS, words) ??
    (input.index === 0 && pose === 'hold' ? first(PROP_WORDS, input.description) : undefined)
  const speaking = SPEAKING.test(own) || (input.index === 0 && /[“"]/.test(input.description))
  return {
    pose: pose === 'hold' && !held ? 'relaxed' : pose,
    mood: first(MOOD_WORDS, words) ?? first(MOOD_WORDS, input.description) ?? first(MOOD_WORDS, input.goal) ?? 'calm',
    prop: held && HANDS.has(pose) ? held : null,
    speaking,
    away: /\b(from behind|turns? away|back to (?:us|the camera)|walks? away|turned away)\b/i.test(words),
    place: readMark(`${input.note} ${clauses}`),
  }
}
