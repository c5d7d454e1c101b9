// The Azure files, as far as they can be checked without Azure: they are well-formed, hold and ask for no secret, switch every password off, and
// every setting they name is one of ours, with a value that starts.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { loadConfig, settingTables } from '../../src/kernel/config/load-config.ts'

const folder = path.resolve(import.meta.dirname, '../../deploy/azure')
const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8')
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.bicep'))
/** Without comments and texts, in which brackets mean nothing. */
const bare = (text: string) => text.replace(/\/\/.*$/gm, '').replace(/'(?:[^'\\]|\\.)*'/g, "''")

it.each(files)('%s closes what it opens, and defines what it uses', (name) => {
  const text = bare(read(name))
  const open: string[] = []
  for (const [character] of text.matchAll(/[{}()[\]]/g)) {
    if ('{(['.includes(character)) open.push(character)
    else expect('{(['['})]'.indexOf(character)]).toBe(open.pop())
  }
  expect(open).toEqual([])
  const source = read(name)
  const defined = new Set(
    [...source.matchAll(/^\s*(?:param|var|resource|module|output)\s+(\w+)/gm)].map((found) => found[1]!),
  )
  const used = [...source.matchAll(/(?:\$\{|[:[(,]\s)(\w+)(?:\.(?:id|name|properties)|::)/g)].map((found) => found[1]!)
  if (name === 'main.bicep') expect(used.length).toBeGreaterThan(20)
  expect(used.filter((one) => !defined.has(one) && one !== 'az')).toEqual([])
  for (const [, module] of source.matchAll(/^module \w+ '([^']+)'/gm))
    expect(fs.existsSync(path.join(folder, module!)), module).toBe(true)
})

it('asks for no secret and reads no key', () => {
  for (const name of files) {
    expect(read(name)).not.toMatch(
      /@secure|listKeys|listCredentials|(?<!allow)sharedKey|accountKey|administratorLogin|connectionString/i,
    )
    expect(bare(read(name))).not.toMatch(/\bpassword\b\s*:/i)
  }
  const main = read('main.bicep')
  for (const off of [
    "passwordAuth: 'Disabled'",
    'disableLocalAuth: true',
    'adminUserEnabled: false',
    'allowSharedKeyAccess: false',
  ])
    expect(main).toContain(off)
})

it('names settings that exist, and they start in production', () => {
  const block = /var settings = \[([\s\S]*?)\n\]/.exec(read('main.bicep'))![1]!
  const names = [...block.matchAll(/name: '([A-Z_]+)'/g)].map((found) => found[1]!)
  expect(names.length).toBeGreaterThan(10)
  const known = new Set(
    Object.values(settingTables).flatMap((table) => Object.values(table).flatMap(({ names: all }) => [...all])),
  )
  expect(names.filter((one) => !known.has(one))).toEqual([])
  const env = Object.fromEntries(
    names.map((one) => {
      const value =
        new RegExp(`name: '${one}',?\\s+value: ('[^']*'|[\\w.:]+)`).exec(block)?.[1] ??
        "'a-key-of-thirty-two-characters-or-more'"
      return [
        one,
        value.startsWith("'")
          ? value
              .slice(1, -1)
              .replace(/\$\{az\.environment[^}]*\}/, 'https://login.example/')
              .replace(/\$\{[^}]*\}/g, 'x')
          : 'https://models.example/',
      ]
    }),
  )
  const config = loadConfig(env)
  expect(config.core).toMatchObject({ environment: 'production', authMode: 'oidc', databaseAuth: 'entra' })
  expect(config.models.provider).toBe('azure')
  expect(URL.parse(config.core.databaseUrl!)!.password).toBe('')
})

it('is deployed by a script that the shell can read', () => {
  execFileSync('sh', ['-n', path.join(folder, 'deploy.sh')])
  const script = read('deploy.sh')
  for (const output of script.matchAll(/read_output (\w+)\)/g))
    expect(read('main.bicep')).toContain(`output ${output[1]} `)
  for (const parameter of ['audience', 'image'])
    expect(read('main.bicep')).toMatch(new RegExp(`^param ${parameter} string`, 'm'))
})
