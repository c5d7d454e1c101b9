import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { deliverDue } from '../../src/kernel/notify/outbox.ts'
import { createEmailSender } from '../../src/kernel/notify/send-email.ts'
import { planningModule } from '../../src/planning/index.ts'
import { BASELINE, BRIEF, CONTRACT, newEvent } from '../../src/planning/routes/_scenario.ts'
import { callTeamTool } from '../../src/planning/runs/team-tool.ts'
import { sweepApprovals } from '../../src/planning/verbs/approvals.ts'
import { testApp } from '../_app.ts'
import { startFakeSmtp } from '../_fake-smtp.ts'

const PEOPLE = [
  { name: 'Rana', role: 'Finance', email: 'rana@example.org', decision_rights: ['vendor_contract'] },
  { name: 'Owen', role: 'Owner', email: 'owen@example.org' },
]

it('writes to the person asked, reminds, and writes to the backup when nobody answers; no terms in the letter', async () => {
  const smtp = await startFakeSmtp()
  const posted: { type: string; data: { assigned_to: string }; signed: boolean }[] = []
  const receiver = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { type, data } = JSON.parse(Buffer.concat(chunks).toString())
    posted.push({ type, data, signed: Boolean(request.headers['webhook-signature']) })
    response.end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  let now = Date.parse('2025-10-01T08:00:00Z')
  await using t = await testApp([planningModule], {
    clock: { now: () => now },
    env: {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      SMTP_SECURITY: 'none',
      PUBLIC_URL: 'https://plan.example.org',
      WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
      WEBHOOK_SECRET: 'a secret of some length',
    },
  })
  const email = await createEmailSender(t.kernel.config.notify)
  const event = await newEvent(t, { ...BRIEF, stakeholders: PEOPLE })
  await event.post('budget-baseline', BASELINE)
  const contract = await event.post('vendor-contracts', CONTRACT)
  await deliverDue(t.kernel, email)
  now += 721 * 60_000
  await sweepApprovals(t.kernel)
  await sweepApprovals(t.kernel)
  await deliverDue(t.kernel, email)
  now += 721 * 60_000
  await sweepApprovals(t.kernel)
  await deliverDue(t.kernel, email)
  email!.close()
  await smtp.close()
  receiver.close()
  expect(posted.map(({ type, data, signed }) => [type, data.assigned_to, signed])).toEqual([
    ['approval.requested', 'rana@example.org', true],
    ['approval.reminded', 'rana@example.org', true],
    ['approval.escalated', 'owen@example.org', true],
  ])
  expect(JSON.stringify(posted)).not.toContain('60 minutes')
  expect(smtp.mails.map(({ to }) => to)).toEqual([['rana@example.org'], ['rana@example.org'], ['owen@example.org']])
  const texts = smtp.mails.map(({ data }) => data.replaceAll('=\r\n', '').replaceAll('=3D', '='))
  expect(texts[0]).toContain('/app/planning/approvals?approval=' + contract.approval_id)
  expect(texts[1]).toContain('Reminder')
  expect(texts[2]).toContain('Escalated')
  for (const text of texts) expect(text).not.toMatch(/140|60 minutes|50%/)
  const { rows } = await t.kernel.db.query("select type from kernel.events where type like 'approval.%' order by id")
  expect(rows.map(({ type }) => type)).toEqual(['approval.requested', 'approval.reminded', 'approval.escalated'])
})

it('notify: planner and logistics tell people once a call, by mail where there is a server, else in the app; others may not', async () => {
  const smtp = await startFakeSmtp()
  const mail = { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(smtp.port), SMTP_SECURITY: 'none' }
  await using t = await testApp([planningModule], { env: mail })
  const event = await newEvent(t, { ...BRIEF, stakeholders: PEOPLE })
  const args = {
    recipients: ['rana@example.org', 'Owen'],
    subject: 'Doors move',
    body: 'Ten minutes later.',
    channel: 'email',
  }
  const tell = (agent: string, callId: string) =>
    callTeamTool(t.kernel, event.id, agent, 'notify', args, { callId, signal: new AbortController().signal })
  const first = await tell('event-planner', 'call-1')
  expect(first.outcome).toMatchObject({
    ok: true,
    value: { channel: 'email', delivery_ids: [expect.any(String), 'call-1:2'] },
  })
  expect(await tell('event-planner', 'call-1')).toMatchObject({ outcome: { value: (first.outcome as any).value } })
  expect((await tell('logistics-coordinator', 'call-2')).outcome.ok).toBe(true)
  expect((await tell('venue-researcher', 'call-3')).outcome.ok).toBe(false)
  const email = await createEmailSender(t.kernel.config.notify)
  await deliverDue(t.kernel, email)
  email!.close()
  await smtp.close()
  expect(smtp.mails.map(({ to }) => to)).toEqual([['rana@example.org'], ['rana@example.org']])
  const { rows } = await t.kernel.db.query("select summary, data from kernel.events where type = 'notification.sent'")
  expect(rows.map(({ summary }) => summary)).toEqual([
    'Doors move — to r…@example.org, Owen',
    'Doors move — to r…@example.org, Owen',
  ])
  expect(JSON.stringify(rows)).not.toContain('rana@')
})
