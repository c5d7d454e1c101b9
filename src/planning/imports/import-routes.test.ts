import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testActor, testApp } from '../../../test/_app.ts'
import { planningModule } from '../index.ts'

let t: TestApp
let url: string
beforeAll(async () => {
  t = await testApp([planningModule])
  t.actor = testActor(['Admin'], 'dev-user')
  const made = await t.call('POST', '/api/event-briefs', {
    title: 'Import day',
    event_type: 'workshop',
    date_range_start: '2026-11-14T09:00:00Z',
    date_range_end: '2026-11-14T17:00:00Z',
    audience_size: 20,
    objectives: 'Learn',
    constraints: '',
  })
  expect(made.status).toBe(201)
  url = `/api/event-briefs/${made.body.id}/imports`
})
afterAll(() => t[Symbol.asyncDispose]())

const CSV = { 'content-type': 'text/csv' }
const form = (name: string, content: string) => ({
  body: `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${content}\r\n--b--\r\n`,
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
})

describe('import previews', () => {
  it('read a budget sent as the body', async () => {
    const reply = await t.call(
      'POST',
      `${url}/budget`,
      'Category,Item,Quantity,Unit cost\nVenue,Hall,2,100\n,x,1,1\n',
      CSV,
    )
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({ total: 200, applied: false, problems: [{ row: 3, field: 'category' }] })
  })
  it('read guests of a multipart file', async () => {
    const { body, headers } = form('guests.csv', 'Name,Email,Diet\nAda,ada@example.org,vegan\n')
    const reply = await t.call('POST', `${url}/guests`, body, headers)
    expect(reply.body).toMatchObject({ head_count: 1, guests: [{ name: 'Ada', diet: 'vegan' }] })
  })
  it.each([
    ['an empty file', '/guests', '', CSV, 400, 'VALIDATION_ERROR'],
    [
      'another content type',
      '/guests',
      '{"a":1}',
      { 'content-type': 'application/json' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['more than 1 MiB', '/budget', 'x'.repeat(1024 * 1024 + 1), CSV, 413, 'PAYLOAD_TOO_LARGE'],
  ] as const)('refuse %s', async (_name, path, body, headers, status, error) => {
    const reply = await t.call('POST', `${url}${path}`, body, headers)
    expect([reply.status, reply.body.error]).toEqual([status, error])
  })
  it('refuse a large or misnamed multipart file and an unknown event', async () => {
    const large = form('b.csv', 'x'.repeat(1024 * 1024 + 1))
    expect(await t.call('POST', `${url}/budget`, large.body, large.headers)).toMatchObject({ status: 413 })
    const misnamed = form('b.exe', 'a,b')
    expect(await t.call('POST', `${url}/budget`, misnamed.body, misnamed.headers)).toMatchObject({ status: 400 })
    const unknown = '/api/event-briefs/evt-20260101-none/imports/budget'
    expect(await t.call('POST', unknown, 'Category\nx\n', CSV)).toMatchObject({ status: 404 })
  })
  it('leave other paths closed to tables', async () => {
    expect(await t.call('POST', '/api/event-briefs', 'a,b', CSV)).toMatchObject({ status: 415 })
  })
})
