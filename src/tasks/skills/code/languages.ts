import { extensionOf } from '../../tables/read-table.ts'

/** How a language writes comments, texts, functions and decisions. */
export type Language = {
  name: string
  family: 'braces' | 'indent' | 'end' | 'plain'
  lineComments: readonly string[]
  blockComments: readonly (readonly [string, string])[]
  /** Characters that open and close texts; longer ones first. */
  quotes: readonly string[]
  /** Finds a function and its name; tried on code without comments and texts. */
  functions: readonly RegExp[]
  decisions: RegExp
}

const C_LIKE = {
  family: 'braces',
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
} as const
const NOT_FUNCTIONS = String.raw`(?!(?:if|for|foreach|while|switch|catch|return|else|do|new|throw|using|lock|synchronized|sizeof|typeof|await|function|match|with|when|defer|select|case|super|this|elif|until|unless|guard|try|finally)\b)`
const BRACE_DECISIONS = /\b(?:if|for|foreach|while|case|catch|when)\b|&&|\|\||\?\?|\?(?![.?:])(?=[^?:]*:)/g

const SCRIPT_FUNCTIONS = [
  /\bfunction\s*\*?\s*([A-Za-z_$][\w$]*)?\s*(?:<[^>]*>)?\s*\(/g,
  /\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[A-Za-z_$][\w$]*)\s*(?::[^={]+)?=>/g,
  new RegExp(
    String.raw`(?<=^|[;{}]|\n)[ \t]*(?:(?:public|private|protected|static|async|get|set|override|readonly|abstract)\s+)*[*#]?${NOT_FUNCTIONS}([A-Za-z_$#][\w$]*)\s*(?:<[^>\n]*>)?\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*(?::[^{};=\n]+)?\{`,
    'g',
  ),
]
const TYPED_FUNCTIONS = [
  new RegExp(
    String.raw`(?<=^|[;{}>]|\n)[ \t]*(?:[\w<>\[\],.?&*:~]+[ \t]+(?:[*&]+)?)+[*&]*${NOT_FUNCTIONS}([A-Za-z_~][\w:~]*)\s*\([^(){};]*(?:\([^(){};]*\)[^(){};]*)*\)\s*(?:const|noexcept|override|throws\s+[\w., ]+|where\b[^{]*)*\s*(?::[^{;]+)?\{`,
    'g',
  ),
]

const python: Language = {
  name: 'python',
  family: 'indent',
  lineComments: ['#'],
  blockComments: [],
  quotes: ['"""', "'''", '"', "'"],
  functions: [/^[ \t]*(?:async[ \t]+)?def[ \t]+([A-Za-z_]\w*)/gm],
  decisions: /\b(?:if|elif|for|while|except|and|or|case)\b/g,
}
const script: Language = {
  ...C_LIKE,
  name: 'javascript',
  quotes: ['`', '"', "'"],
  functions: SCRIPT_FUNCTIONS,
  decisions: BRACE_DECISIONS,
}
const typed = (name: string): Language => ({
  ...C_LIKE,
  name,
  quotes: ['"', "'"],
  functions: TYPED_FUNCTIONS,
  decisions: BRACE_DECISIONS,
})
const keyword = (name: string, pattern: RegExp, decisions = BRACE_DECISIONS): Language => ({
  ...C_LIKE,
  name,
  quotes: name === 'go' ? ['`', '"'] : ['"'],
  functions: [pattern],
  decisions,
})

const LANGUAGES: Record<string, Language> = {
  python,
  javascript: script,
  typescript: { ...script, name: 'typescript' },
  java: typed('java'),
  c: typed('c'),
  'c++': typed('c++'),
  'c#': typed('c#'),
  dart: typed('dart'),
  go: keyword('go', /\bfunc\s+(?:\([^)]*\)\s*)?([A-Za-z_]\w*)?\s*\(/g, /\b(?:if|for|case)\b|&&|\|\|/g),
  rust: keyword('rust', /\bfn\s+([A-Za-z_]\w*)/g, /\b(?:if|for|while|loop)\b|=>|&&|\|\|/g),
  swift: keyword('swift', /\bfunc\s+([A-Za-z_]\w*)/g, /\b(?:if|for|while|case|catch|guard)\b|&&|\|\|/g),
  kotlin: keyword(
    'kotlin',
    /\bfun\s+(?:<[^>]*>\s*)?(?:[\w.<>]+\.)?([A-Za-z_]\w*)/g,
    /\b(?:if|for|while|when|catch)\b|->|&&|\|\|/g,
  ),
  scala: keyword('scala', /\bdef\s+([A-Za-z_]\w*)/g),
  php: {
    ...C_LIKE,
    name: 'php',
    lineComments: ['//', '#'],
    quotes: ['"', "'"],
    functions: [/\bfunction\s+&?\s*([A-Za-z_]\w*)?\s*\(/g],
    decisions: BRACE_DECISIONS,
  },
  ruby: {
    name: 'ruby',
    family: 'end',
    lineComments: ['#'],
    blockComments: [['\n=begin', '\n=end']],
    quotes: ['"', "'"],
    functions: [/^[ \t]*def[ \t]+(?:self\.)?([A-Za-z_]\w*[?!=]?)/gm],
    decisions: /\b(?:if|elsif|unless|while|until|for|when|rescue|and|or)\b|&&|\|\||\?(?=\s)/g,
  },
  lua: {
    name: 'lua',
    family: 'end',
    lineComments: ['--'],
    blockComments: [['--[[', ']]']],
    quotes: ['"', "'"],
    functions: [/\bfunction\b[ \t]*([\w.:]*)/g],
    decisions: /\b(?:if|elseif|for|while|repeat|and|or)\b/g,
  },
  shell: {
    name: 'shell',
    family: 'braces',
    lineComments: ['#'],
    blockComments: [],
    quotes: ['"', "'"],
    functions: [/(?<=^|\n)[ \t]*(?:function[ \t]+)?([A-Za-z_][\w-]*)[ \t]*\(\)[ \t]*\n?[ \t]*\{/g],
    decisions: /\b(?:if|elif|for|while|until)\b|&&|\|\|/g,
  },
  sql: {
    name: 'sql',
    family: 'plain',
    lineComments: ['--'],
    blockComments: [['/*', '*/']],
    quotes: ["'", '"'],
    functions: [],
    decisions: /\b(?:case|when|and|or)\b/gi,
  },
  plain: {
    name: 'text',
    family: 'plain',
    lineComments: [],
    blockComments: [],
    quotes: [],
    functions: [],
    decisions: /(?!)/g,
  },
}

const BY_EXTENSION: Record<string, string> = {
  py: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  tsx: 'typescript',
  java: 'java',
  c: 'c',
  h: 'c',
  cc: 'c++',
  cpp: 'c++',
  cxx: 'c++',
  hpp: 'c++',
  cs: 'c#',
  dart: 'dart',
  go: 'go',
  rs: 'rust',
  swift: 'swift',
  kt: 'kotlin',
  kts: 'kotlin',
  scala: 'scala',
  php: 'php',
  rb: 'ruby',
  lua: 'lua',
  sh: 'shell',
  bash: 'shell',
  sql: 'sql',
  m: 'c',
  css: 'plain',
  pl: 'shell',
  r: 'python',
}
const SAID: readonly [RegExp, string][] = [
  [/\bpython\b/i, 'python'],
  [/\btypescript\b/i, 'typescript'],
  [/\b(?:javascript|node(?:\.js)?)\b/i, 'javascript'],
  [/\bjava\b/i, 'java'],
  [/\bc\+\+|\bcpp\b/i, 'c++'],
  [/\bc#|\bcsharp\b/i, 'c#'],
  [/\b(?:golang|go)\s+(?:code|file|source|program)\b|\bgolang\b/i, 'go'],
  [/\brust\b/i, 'rust'],
  [/\bruby\b/i, 'ruby'],
  [/\bphp\b/i, 'php'],
  [/\bswift\b/i, 'swift'],
  [/\bkotlin\b/i, 'kotlin'],
  [/\b(?:bash|shell)\b/i, 'shell'],
]
const LOOKS: readonly [RegExp, string][] = [
  [/^\s*(?:async\s+)?def\s+\w+\(.*\).*:\s*(?:#.*)?$|^\s*(?:from\s+[\w.]+\s+)?import\s+[\w., ]+$/m, 'python'],
  [/^\s*package\s+\w+\s*$[\s\S]*\bfunc\b/m, 'go'],
  [/\bfn\s+\w+\s*(?:<[^>]*>)?\(.*\)\s*(?:->\s*[\w<>&:]+\s*)?\{|\blet\s+mut\b/, 'rust'],
  [/<\?php/, 'php'],
  [/^\s*#include\s*[<"]/m, 'c'],
  [/\bpublic\s+(?:static\s+)?(?:final\s+)?class\b|\bSystem\.out\b/, 'java'],
  [/\bfunction\s+\w+\s*\(|=>\s*\{|\b(?:const|let)\s+\w+\s*=|\brequire\(|^\s*export\s+/m, 'javascript'],
  [/^#!.*\b(?:ba|z)?sh\b/, 'shell'],
  [/^\s*def\s+\w+[\s\S]*^\s*end\s*$/m, 'ruby'],
]

/** Told by the name or its inner extension, by what the step says, by the text. Undefined for what is no code. */
export function languageOf(name: string, text: string, said = ''): Language | undefined {
  const extension = extensionOf(name)
  const inner =
    extension === 'txt' || extension === 'md' ? extensionOf(name.slice(0, -(extension.length + 1))) : extension
  const byName = BY_EXTENSION[inner]
  if (byName) return LANGUAGES[byName]
  if (extension !== 'txt' && extension !== 'md' && extension !== '') return undefined
  const told = SAID.find(([pattern]) => pattern.test(said))?.[1] ?? LOOKS.find(([pattern]) => pattern.test(text))?.[1]
  return told ? LANGUAGES[told] : undefined
}
