import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dataKey } from '../../src/kernel/access/data-keys.ts'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { planningModule } from '../../src/planning/index.ts'
import { CONTRACT, fullEvent, type Walk } from '../../src/planning/routes/_scenario.ts'
import { readAs } from '../../src/planning/store/read-as.ts'
import { resealStored } from '../../src/planning/store/reseal.ts'
import { type TestApp, testActor, testApp } from '../_app.ts'

let t: TestApp
let event: Walk
const PEOPLE = [
  { name: 'Rana Okafor', role: 'Owner', email: 'rana@example.org', decision_rights: ['vendor_contract'] },
  { name: 'Olle Berg', role: 'Operations', email: 'olle@example.org', contact_info: { phone: '+46 70 123' } },
]
const SECRETS = ['rana@example.org', 'olle@example.org', '+46 70 123', '< 60 minutes', 'Net 45 days', '+1 555 0100']

beforeAll(async () => {
  t = await testApp([planningModule])
  event = await fullEvent(t)
  await event.post('stakeholder-map', { stakeholders: PEOPLE })
  await event.post('vendor-contracts', {
    ...CONTRACT,
    vendor_name: 'Bright Lights',
    service_type: 'venue',
    terms: { ...CONTRACT.terms, payment_terms: 'Net 45 days' },
  })
  await event.post('venue-leads', { venue_name: 'Z', source: 'directory', contact_info: { phone: '+1 555 0100' } })
})
afterAll(() => t[Symbol.asyncDispose]())

const TABLES = [
  'planning.vendor_contracts',
  'planning.stakeholder_maps',
  'planning.venue_leads',
  'planning.artifact_versions',
  'planning.approvals',
]
async function stored(): Promise<string> {
  const texts: string[] = []
  for (const table of TABLES) {
    const { rows } = await t.kernel.db.query(`select body::text as text from ${table}`)
    texts.push(...rows.map(({ text }) => text))
  }
  const { rows } = await t.kernel.db.query('select evidence::text as text, title, prompt from kernel.decisions')
  const { rows: events } = await t.kernel.db.query('select data::text as text, summary from kernel.events')
  return [
    ...texts,
    ...rows.map((row) => Object.values(row).join()),
    ...events.map((row) => Object.values(row).join()),
  ].join('\n')
}

it('keeps contract terms and contact data out of every table in the open', async () => {
  const text = await stored()
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
  expect(text).toContain('$sealed')
})

it('gives them back to those who may read them', async () => {
  const contracts = (await t.call('GET', event.url('vendor-contracts'))).body
  expect(contracts.find((one: any) => one.vendor_name === 'Bright Lights')).toMatchObject({
    terms: { payment_terms: 'Net 45 days' },
    sla: CONTRACT.sla,
  })
  expect((await t.call('GET', event.url('stakeholder-map'))).body.stakeholders).toMatchObject(PEOPLE)
  const { body } = await t.call('GET', `/api/approvals/pending?event_brief_id=${event.id}`)
  const contract = body.find((one: any) => one.details.vendor_name === 'Bright Lights')
  expect(contract).toMatchObject({
    details: { terms: { payment_terms: 'Net 45 days' } },
    assigned_to: 'rana@example.org',
  })
  const versions = await t.call('GET', `/api/artifacts/VendorContracts/${contract.artifact_id}/versions/1`)
  expect(versions.body.terms.payment_terms).toBe('Net 45 days')
})

it('finds the events of a stakeholder by name or address without reading them', async () => {
  const before = t.actor
  for (const [id, total] of [
    ['olle', 1],
    ['nobody', 0],
  ] as const) {
    t.actor = testActor(['Organizer'], id)
    expect((await t.call('GET', '/api/event-briefs')).body.total).toBe(total)
    expect((await t.call('GET', event.url('risks'))).status).toBe(total ? 200 : 403)
  }
  t.actor = before
})

it('shows rows of one event only under the role of the policies, and budget decisions only with the right', async () => {
  const ctx = systemCtx(t.kernel)
  const count = (table: string) => (reader: { query(sql: string): Promise<{ rows: any[] }> }) =>
    reader.query(`select count(*)::int as n from planning.${table}`).then(({ rows }) => rows[0].n as number)
  expect(await readAs(ctx, event.id, true, count('vendor_contracts'))).toBe(2)
  expect(await readAs(ctx, 'evt-20250101-other', true, count('vendor_contracts'))).toBe(0)
  expect(await readAs(ctx, event.id, true, count('budget_decisions'))).toBe(1)
  expect(await readAs(ctx, event.id, false, count('budget_decisions'))).toBe(0)
  await expect(readAs(ctx, event.id, true, count('stakeholder_maps'))).rejects.toThrow('permission denied')
})

it('moves everything to a new key, and to the first one of an older store', async () => {
  const old = t.kernel.config.core.dataKeys[0]!
  const config = loadConfig({ DATA_KEYS: `${randomBytes(32).toString('base64')},${old}` })
  const kernel = { ...t.kernel, config } as typeof t.kernel
  await t.kernel.db.query(
    `update planning.venue_leads set body = body - '$sealed' || '{"contact_info": {"phone": "+1 555 0100"}}' where body ->> 'venue_name' = 'Z'`,
  )
  expect(await resealStored(kernel)).toBeGreaterThan(10)
  expect(await resealStored(kernel)).toBe(0)
  const text = await stored()
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
  expect(text).toContain(`s1.${dataKey(config).id}.`)
  expect(
    text.split('\n').filter((line) => line.includes(`s1.${dataKey(t.kernel.config).id}.`) && line.includes('$sealed')),
  ).toEqual([])
  expect((await t.call('GET', event.url('stakeholder-map'))).body.stakeholders).toMatchObject(PEOPLE)
})
