/**
 * What happens in a drafted scene: its goal, what the eye remembers, and what is said. The six phases lead from setup to
 * resolution; {a} and {b} are the people of the scene, {place} is where, {object}, {stake}, {theme} come from the story.
 */
export type Beat = { goal: string; hook: string; lines: readonly [string, string, string] }

const b = (goal: string, hook: string, ...lines: [string, string, string]): Beat => ({ goal, hook, lines })

const SETUP: readonly Beat[] = [
  b(
    '{a} carries on with an ordinary day at {place} until {object} turns up, and {b} is the only one who sees it happen.',
    '{object} in the middle of an ordinary table, with everybody at {place} walking past it',
    'That was not here this morning. Was it, {b}?',
    'Plenty of things turn up at {place}. Put it back, {a}.',
    'I would, if I knew where it belongs.',
  ),
  b(
    '{b} arrives at {place} with a plan of their own, and {a} has to decide how much of the truth to offer.',
    '{b} in the doorway of {place}, taking in everything {a} forgot to hide',
    'You are early, {b}. Nobody comes to {place} early.',
    'Nobody told me there was something worth being early for.',
    'There is not. Sit down, and I will explain the part I can.',
  ),
  b(
    '{a} shows {b} around {place} and avoids one corner of it, which is the corner that matters.',
    'a closed door at {place} that stays in focus while {a} and {b} talk in front of it',
    'This is the part I like. The rest of {place} is only storage.',
    'You walk around that corner as if it could hear you, {a}.',
    'Old habit. Come on, the light is better over here.',
  ),
  b(
    '{a} makes {b} a promise at {place} that will be harder to keep than either of them thinks.',
    'two hands on the same railing at {place}, not touching',
    'You have my word. Whatever comes of it, you hear it from me first.',
    'People at {place} give their word easily, {a}.',
    'I do not. Ask anybody who has been let down by me.',
  ),
  b(
    '{a} finds out at {place} that {b} has already been asking about {stake}.',
    '{a} reading a note over the shoulder of {b}, reflected in dark glass',
    'You asked about it before I did. When were you going to tell me?',
    'When you stopped pretending that {place} is just a job to you.',
    'Then we have both been polite for too long.',
  ),
  b(
    '{a} tests at {place} how far {b} will go along, by asking for something small and watching the answer.',
    '{b} weighing {object} in one hand while {a} counts silently',
    'Hold this for me, {b}. Only until tonight.',
    'You are asking me to keep it away from somebody.',
    'I am asking you to keep it. At {place} that is the same thing.',
  ),
]

const DISTURBANCE: readonly Beat[] = [
  b(
    '{a} tries at {place} to put everything back as it was, and {b} proves that it cannot be done.',
    'the same corner of {place} as before, with one thing missing',
    'If I put it back exactly, nobody will ever know.',
    'I know, {a}. And I am not the only one who saw you at {place}.',
    'Then help me, or stop standing in the light.',
  ),
  b(
    'Word of {stake} reaches {place}, and {a} and {b} draw opposite conclusions from the same sentence.',
    'one message, read twice, by two faces that change in opposite directions',
    'They know. We have to speak before somebody else does.',
    'They suspect. The moment we speak at {place}, they know.',
    'You keep calling that a plan, {b}. It is only waiting.',
  ),
  b(
    '{a} asks for help at {place} for the first time, and {b} names a price.',
    '{a} pushing {object} across the table without letting go of it',
    'I cannot do this alone. There, I have said it at {place} and the roof stays up.',
    'Then you will do it my way until we are through.',
    'Your way, {b}. With my hand on the door.',
  ),
  b(
    '{b} warns {a} at {place} that there is less time than they believed, and shows why.',
    'a clock at {place} that both of them look at and neither mentions',
    'How long do we have? The honest number, {b}.',
    'Half of what they told you. I counted twice on the way to {place}.',
    'Then we stop counting and start.',
  ),
  b(
    '{a} sees at {place} what the matter has already cost somebody else, and cannot look away.',
    'a chair at {place} that everyone leaves empty',
    'Who sat here before us?',
    'Somebody who asked your questions, {a}, and asked them louder.',
    'Then I owe that person an answer.',
  ),
  b(
    'A first attempt fails at {place}; {a} blames {b}, and both know the reason lies deeper.',
    '{object} on the floor of {place}, and nobody bending down for it',
    'You hesitated. One second, {b}, that was all it needed.',
    'I hesitated because you had not told me what {place} was to you.',
    'Now you know. Next time, jump.',
  ),
]

const PURSUIT: readonly Beat[] = [
  b(
    '{a} and {b} work side by side at {place} and get further together than either had alone.',
    'two shadows at {place} that for once point in the same direction',
    'Read me the last one again. Slowly.',
    'You hear it too. {a}, at {place} it never sounded so clear.',
    'Because until now we were both listening for ourselves.',
  ),
  b(
    '{a} follows a trace to {place} and finds that {b} has been there before.',
    'a second set of footprints at {place}, already half filled',
    'Your coat is wet, {b}. You said you had stayed in.',
    'I said I had stayed out of it. {place} is not the same thing.',
    'Show me what you found, and I will forget the coat.',
  ),
  b(
    '{b} offers {a} a way out at {place}, reasonable and generous, and it is nearly accepted.',
    'an open exit at {place}, sunlight behind it, and {a} with one foot on the line',
    'It would be so easy. You have thought of everything, {b}.',
    'I thought of you. Leave {place} with me, and it is over.',
    'It would be over. It would not be finished.',
  ),
  b(
    'Somebody at {place} remembers more than they should, and {a} has to ask while {b} keeps watch.',
    'a face half in shadow at {place}, talking to the floor',
    'Tell me only what you saw. Not what you were told afterwards.',
    'Two minutes, {a}. Then {place} is no longer ours.',
    'Two minutes are more than anybody has given this before.',
  ),
  b(
    '{a} breaks a rule of {place} in front of everyone, and {b} covers for it without being asked.',
    'every head at {place} turned, and {b} stepping calmly between',
    'You did not have to do that.',
    'I know. Half of {place} is still wondering why I did, {a}.',
    'When you find out, tell me before you tell them.',
  ),
  b(
    '{a} explains to {b} at {place} what {theme} has to do with all of this, and is understood.',
    'close on {b}, listening at {place} with the expression of somebody putting down a weight',
    'It was never about the thing itself. It is about {theme}.',
    'Say that again, {a}, without looking at the door.',
    'It is about {theme}. And I have run from {place} because of it.',
  ),
]

const REVERSAL: readonly Beat[] = [
  b(
    'At {place} {a} learns that {b} has known the decisive part from the beginning.',
    '{b} finishing a sentence at {place} that {a} had not said aloud',
    'I never told you that name, {b}.',
    'No. It was written down long before you came to {place}.',
    'Then all this time I have been proving it to you.',
  ),
  b(
    '{object} is gone from {place}, and {a} and {b} each have a reason to have taken it.',
    'the empty place where {object} lay, with dust around its outline',
    'Empty your pockets. I will go first, if that helps.',
    'It does not help, {a}. It only shows that you had time at {place}.',
    'So did you. And you are not surprised enough.',
  ),
  b(
    '{b} changes sides at {place} in full view, and {a} understands only later that it was meant as help.',
    '{b} crossing the floor of {place} and stopping on the wrong side of it',
    'Do not do this. Not here, not in front of them.',
    'Here is the only place where it counts, {a}.',
    'Then look at me while you say it.',
  ),
  b(
    'The help they were promised does not come to {place}, and {a} has to tell {b} that it never would have.',
    'an empty road seen from {place}, and two people who stop watching it',
    'Nobody is coming. I made the call and nobody ever answered.',
    'You let me wait at {place} for an hour, {a}.',
    'I wanted you to have that hour.',
  ),
  b(
    '{a} gets exactly what was wanted at {place}, and it turns out to be the smaller half of the matter.',
    '{object} opened at last at {place}, with another seal inside it',
    'That is all? After everything, that is all of it?',
    'It is all that was kept at {place}. The rest has your name on it.',
    'Read it out, {b}. I do not trust my eyes today.',
  ),
  b(
    '{a} is offered {stake} at {place} on the one condition that {b} pays for it.',
    'a hand held out at {place}, palm up, and {b} standing exactly behind it',
    'They will let me have it. All I have to do is say that it was you.',
    'At {place} they have believed worse for less, {a}.',
    'Then they will be disappointed in me again.',
  ),
]

const CRISIS: readonly Beat[] = [
  b(
    '{a} and {b} face each other at {place} with nothing left to hide, and only one of them may leave with {object}.',
    '{a} and {b} at arm’s length at {place}, with {object} between them',
    'You were right about the danger. You were wrong about what it is for.',
    'Then tell me what it is for, {a}, before they open {place}.',
    'For whoever comes after us and asks the same question.',
  ),
  b(
    'Everything at {place} goes wrong at once, and {a} has to choose between {b} and {stake}.',
    'the light at {place} failing lamp by lamp until one is left',
    'I can reach one of you. Do not make me say it.',
    'Then do not say it. Do what you came to {place} for, {a}.',
    'I came for the wrong thing. Give me your hand.',
  ),
  b(
    '{b} admits at {place} what was done, and {a} must decide what to do with an honest answer.',
    '{b} sitting down at {place} like someone who will not get up for a while',
    'Say it once, completely, and I will not ask you again.',
    'It was me. Nobody at {place} made me do it.',
    'Thank you. That is the first thing I can use.',
  ),
  b(
    '{a} destroys the only proof at {place} to keep {b} safe, and says nothing about it.',
    '{object} giving way in the hands of {a}, seen from across {place}',
    'What are you doing? That is all we have, {a}!',
    'It was all we had. Now we have {place} and the two of us.',
    'You could have asked me.',
  ),
  b(
    '{a} speaks in front of everyone at {place}, knowing that {b} can prove every word wrong.',
    '{a} small in the middle of {place}, and the crowd holding its breath',
    'I was there. I will say what I saw, and then you may ask me anything.',
    'I could end this with one sentence, {a}.',
    'Then say it at {place}, where they can see who says it.',
  ),
  b(
    '{a} goes back to {place} alone, against everything agreed, and finds {b} already there.',
    'a single light at {place} that should not be on',
    'We said neither of us would come.',
    'We said it very firmly. I brought two cups, {a}.',
    'Then {place} gets one more night out of us.',
  ),
]

const RESOLUTION: readonly Beat[] = [
  b(
    '{a} sets things right at {place} in a way nobody expected, and {b} is the first to thank them for it.',
    '{a} putting {object} down for good at {place}, and the room growing larger around it',
    'It stays here. Where everybody can see it and nobody owns it.',
    'They will argue about {place} for years, {a}.',
    'Let them argue. It means they are looking.',
  ),
  b(
    '{a} and {b} return to {place}, where it began, and find that it fits them differently now.',
    'the first image of {place} again, with two people where there was one',
    'It is smaller than I remember.',
    'You are standing closer to it, {a}. Nobody could get this close to {place} before.',
    'Then let us leave the door open.',
  ),
  b(
    '{b} keeps the promise that was made for both of them, and {a} lets {place} go.',
    '{a} handing the keys of {place} to {b} without looking down at them',
    'You kept it. Even the part I only thought.',
    'You think loudly, {a}. Half of {place} could have kept it.',
    'But you did.',
  ),
  b(
    '{a} tells the whole story at {place} to somebody who needs it, and {b} adds the part that was left out.',
    'faces at {place} listening, and {b} smiling at the right moment',
    'That is how it was. I have left out nothing.',
    'You left out that you were afraid, {a}. {place} remembers.',
    'I was afraid. That is the part they should keep.',
  ),
  b(
    '{a} and {b} agree at {place} on what {theme} will mean from now on, and shake hands on it.',
    'a handshake at {place} held a moment longer than custom asks',
    'So that is what it was about, {theme}. It took us long enough.',
    'It took {place} and a great deal of bad weather, {a}.',
    'Next time we begin with the handshake.',
  ),
  b(
    '{a} leaves {place} with less than at the start and does not mind, and {b} watches until the road is empty.',
    '{place} from far away, one light on, and a road going out of frame',
    'Do not wave. If you wave, I turn round.',
    'I was only keeping the sun out of my eyes, {a}.',
    'There is no sun at {place} today, {b}.',
  ),
]

export const PHASES: readonly (readonly Beat[])[] = [SETUP, DISTURBANCE, PURSUIT, REVERSAL, CRISIS, RESOLUTION]
export const PHASE_NAMES = ['setup', 'disturbance', 'pursuit', 'reversal', 'crisis', 'resolution'] as const

/** When a long film meets a beat again, something has changed: these begin the goal, and replace what was said. */
export const AGAIN: readonly string[] = [
  'With fewer allies than before,',
  'Now that the others know,',
  'Against the advice of everyone involved,',
  'One night later, and no wiser,',
  'For the second time, and with better reasons,',
  'While the rest of the story moves on without them,',
]

export const LATER_LINES: readonly (readonly [string, string, string])[] = [
  [
    'Last time we stood at {place} I did all the talking.',
    'Last time you were wrong as well, {a}.',
    'Then let me be wrong more quietly.',
  ],
  [
    'Have you slept at all, {b}?',
    'At {place}? Nobody sleeps here, they only wait lying down.',
    'Lie down anyway. I will do the waiting.',
  ],
  [
    'I keep hearing it, even out here.',
    'It is only {place}, {a}. It talks when people stop.',
    'Then I wish it would choose another subject.',
  ],
  [
    'Give me one reason to go on with this.',
    'You asked me that at {place} before you knew my name.',
    'And I liked the answer. Say it again.',
  ],
  [
    'We could sell it. Hypothetically.',
    'You could not sell bread at {place}, {a}. You would give it away.',
    'Hypothetically, I would be rich and hungry.',
  ],
  ['Who else has a key to {place}?', 'Everyone who ever lost one, {a}.', 'Then we had better be quick and polite.'],
  ['I was told you had left.', 'I had. {place} has a way of being on the way.', 'On the way to what?'],
  [
    'Stand there. No, where the light finds you.',
    'You always did arrange people, {a}.',
    'Only the ones I want to remember at {place}.',
  ],
  [
    'They have changed the locks.',
    'They have changed the locks of {place}, not the windows.',
    'You worry me when you are cheerful, {b}.',
  ],
  [
    'What if we simply asked them?',
    'At {place}, in daylight, like honest people?',
    'It would have the advantage of surprise.',
  ],
  [
    'I owe you an apology, {b}.',
    'You owe me several. Start with {place}.',
    'I am sorry about {place}. The others will take longer.',
  ],
  [
    'Listen. Nothing. It has stopped.',
    'It never stops at {place}. It is taking a breath, {a}.',
    'Then we have as long as a breath.',
  ],
  [
    'You could have written to me.',
    'I did. The letters are somewhere at {place}, {a}.',
    'Then I have been answered and never knew.',
  ],
  [
    'It rains whenever we come here.',
    'It rains at {place} whether we come or not.',
    'Then at least it is not my fault.',
  ],
  [
    'Tell me what you would do in my place.',
    'In your place I would not ask me, {a}.',
    'That is the best advice I have had at {place}.',
  ],
  ['They are asking for volunteers.', 'At {place} that means they have a list already.', 'Are we on it, {b}?'],
  [
    'I found this in the wall.',
    'Walls at {place} keep better secrets than people do.',
    'This one has my handwriting on it.',
  ],
  [
    'How did you get past them?',
    'I carried a ladder, {a}. Nobody at {place} stops a ladder.',
    'I will remember that for the rest of my life.',
  ],
  ['You are humming again, {b}.', 'It is what {place} sounds like when it is going well.', 'Then hum louder.'],
  [
    'I do not need to be right about this.',
    'You needed to be right at {place} for years, {a}.',
    'That was before I had company.',
  ],
  [
    'Somebody has moved the chairs.',
    'Somebody counted us at {place} and expects more.',
    'Then let us disappoint them by being on time.',
  ],
  [
    'If we stop now, it was for nothing.',
    'If we go on, {place} pays for it.',
    'Then we find somebody else to send the bill to.',
  ],
  [
    'Promise me you will be bored tomorrow.',
    'Bored, at {place}, with a blanket. I promise, {a}.',
    'Good. That is what all this is for.',
  ],
  [
    'What did you tell them about me?',
    'The truth, and that {place} would be empty without you.',
    'Which of the two did they believe, {b}?',
  ],
]
