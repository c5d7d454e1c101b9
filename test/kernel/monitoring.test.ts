import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { testServer } from '../_server.ts'

const folder = path.resolve(import.meta.dirname, '../../deploy/monitoring')
const read = (file: string) => fs.readFileSync(path.join(folder, file), 'utf8')
const files = fs.readdirSync(folder)
/** Made by Prometheus itself. */
const BUILT_IN = new Set(['up'])

/** Metric names of a PromQL expression: words that are neither functions, labels, operators nor numbers. */
function metricsOf(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  return [...bare.matchAll(/(?<![\w.])[a-z_:][\w:]*(?!\w*\s*\()/gi)]
    .map(([word]) => word)
    .filter((word) => !['or', 'and', 'unless', 'bool', 'offset'].includes(word))
}

const panelsOf = (dashboard: any): any[] =>
  (dashboard.panels ?? []).flatMap((panel: any) => [panel, ...(panel.panels ?? [])])
const expressions = files.flatMap((file): [string, string][] => {
  if (/\.ya?ml$/.test(file))
    return (parse(read(file)).groups ?? []).flatMap((group: any) => group.rules.map((rule: any) => [file, rule.expr]))
  if (file.endsWith('.json'))
    return panelsOf(JSON.parse(read(file))).flatMap((panel) =>
      (panel.targets ?? []).map((target: any) => [file, target.expr]),
    )
  return []
})

it('finds the metrics of an expression', () => {
  expect(metricsOf('sum by (le) (rate(a_bucket{b="c"}[5m])) > 0.2 or absent(d_total)')).toEqual(['a_bucket', 'd_total'])
})

it('names only metrics that the server declares, in alerts and dashboards', async () => {
  await using server = await testServer()
  const { status, body } = await server.call('GET', '/metrics')
  expect(status).toBe(200)
  const declared = new Map<string, string>(
    [...String(body).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [name!, kind!]),
  )
  const isDeclared = (name: string) =>
    BUILT_IN.has(name) || declared.has(name) || declared.get(name.replace(/_(?:bucket|sum|count)$/, '')) === 'histogram'
  const used = expressions.flatMap(([file, expr]) => metricsOf(expr).map((name) => ({ file, name })))
  expect(used.length).toBeGreaterThan(25)
  expect(used.filter(({ name }) => !isDeclared(name))).toEqual([])
})

it('gives each alert a severity, a summary and what to do', () => {
  const rules = files
    .filter((file) => /\.ya?ml$/.test(file))
    .flatMap((file) => parse(read(file)).groups ?? [])
    .flatMap((group) => group.rules)
    .filter((rule) => rule.alert)
  expect(new Set(rules.map((rule) => rule.alert)).size).toBe(rules.length)
  for (const rule of rules) {
    expect(['critical', 'warning', 'info']).toContain(rule.labels.severity)
    expect(rule.annotations.summary).toBeTruthy()
  }
})

it('reads an agent that died as old and not available, and forgets one that left', async () => {
  await using server = await testServer()
  const { db } = server.kernel
  await db.query(
    `insert into kernel.agents (pool, id, transport, endpoint, capabilities, slots, instance, seen_at, dead_at)
     values ('tasks', 'agent_9', 'http', 'http://127.0.0.1:9', '{data_analysis}', 1, 'i1', now() - interval '200 seconds', now())`,
  )
  const seriesOf = async () =>
    String((await server.call('GET', '/metrics')).body)
      .split('\n')
      .filter((line) => line.includes('agent_9'))
  const dead = await seriesOf()
  expect(dead).toContain('agent_available{agent="agent_9"} 0')
  expect(Number(dead.find((line) => line.startsWith('agent_last_heartbeat_age'))?.split(' ')[1])).toBeGreaterThan(60)
  await db.query(`delete from kernel.agents where id = 'agent_9'`)
  expect(await seriesOf()).toEqual([])
})
