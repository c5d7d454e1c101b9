import { afterEach, describe, expect, it } from 'vitest'
import { type FakeSmtp, startFakeSmtp } from '../../../test/_fake-smtp.ts'
import { loadConfig } from '../config/load-config.ts'
import { createEmailSender, isEmailAddress } from './send-email.ts'

const open: { close: () => unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function start(
  options: Parameters<typeof startFakeSmtp>[0] = {},
  env: Record<string, string> = {},
): Promise<FakeSmtp & { send: Sender['send'] }> {
  const smtp = await startFakeSmtp(options)
  const settings = loadConfig({
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    SMTP_SECURITY: 'none',
    SMTP_FROM: 'Troupe <troupe@example.org>',
    ...env,
  })
  const sender = (await createEmailSender(settings.notify, { timeoutMs: 2000 }))!
  open.push(sender, smtp)
  return { ...smtp, send: sender.send }
}
type Sender = NonNullable<Awaited<ReturnType<typeof createEmailSender>>>
const message = {
  id: 'ntf_1',
  to: ['ada@example.org', 'bob@example.org'],
  subject: 'Please decide',
  text: 'Approve the budget?\nSee the inbox.',
}

describe('e-mail', () => {
  it('sends a message that says who sent it and which one it is', async () => {
    const smtp = await start({ password: 'pw' }, { SMTP_USER: 'u', SMTP_PASSWORD: 'pw' })
    expect(await smtp.send({ ...message, html: '<p>Approve?</p>' })).toEqual({
      channel: 'email',
      id: 'ntf_1',
      delivered: true,
      transient: false,
      attempts: 1,
    })
    const [mail] = smtp.mails
    expect([mail!.from, mail!.to, mail!.user]).toEqual(['troupe@example.org', message.to, 'u'])
    expect(mail!.data).toContain('Message-ID: <ntf_1@example.org>')
    expect(mail!.data).toContain('Auto-Submitted: auto-generated')
    expect(mail!.data).toContain('Approve the budget?')
  })

  it('cannot be talked into more headers or recipients', async () => {
    const smtp = await start()
    await smtp.send({ ...message, subject: 'Hi\r\nBcc: evil@example.org\r\n\r\nbody' })
    expect(smtp.mails[0]!.data).not.toMatch(/^Bcc:/m)
    expect(smtp.mails[0]!.to).toEqual(message.to)
    for (const to of ['a@b.c\r\nRCPT TO:<evil@x.y>', 'a@b.c, d@e.f', 'Name <a@b.c>', 'nobody', ''])
      expect(await smtp.send({ ...message, to: [to] })).toMatchObject({
        delivered: false,
        transient: false,
        error: expect.stringContaining('not an e-mail'),
      })
    expect(smtp.mails).toHaveLength(1)
  })

  it.each([
    [
      'a wrong password',
      { password: 'other' },
      { SMTP_USER: 'u', SMTP_PASSWORD: 'pw' },
      { transient: false, status: 535 },
    ],
    [
      'a refused sender',
      { refuse: (line: string) => (line.startsWith('MAIL') ? '550 no' : undefined) },
      {},
      { transient: false, status: 550 },
    ],
    [
      'a busy server',
      { refuse: (line: string) => (line.startsWith('MAIL') ? '451 later' : undefined) },
      {},
      { transient: true, status: 451 },
    ],
    ['a server without encryption', {}, { SMTP_SECURITY: 'starttls' }, { transient: false }],
  ])('reports %s', async (_what, options, env, expected) => {
    const smtp = await start(options, env as Record<string, string>)
    const result = await smtp.send(message)
    expect(result).toMatchObject({ delivered: false, error: expect.any(String), ...expected })
    expect(JSON.stringify(result)).not.toContain('pw"')
    expect(smtp.mails).toEqual([])
  })

  it('delivers to the others when one recipient is refused', async () => {
    const smtp = await start({ refuse: (line) => (line.includes('bob@') ? '550 unknown' : undefined) })
    expect(await smtp.send(message)).toMatchObject({ delivered: true, refused: ['bob@example.org'] })
    expect(smtp.mails[0]!.to).toEqual(['ada@example.org'])
  })

  it('reports a server that is away as worth another try', async () => {
    const settings = loadConfig({ SMTP_HOST: '127.0.0.1', SMTP_PORT: '1', SMTP_SECURITY: 'none' }).notify
    const sender = (await createEmailSender(settings))!
    expect(await sender.send(message)).toMatchObject({ delivered: false, transient: true })
    sender.close()
  })

  it('is absent when no server is configured', async () => {
    expect(await createEmailSender(loadConfig({}).notify)).toBeUndefined()
  })

  it('knows addresses', () => {
    expect(['a@b', 'first.last+tag@sub.example.org'].map(isEmailAddress)).toEqual([true, true])
    expect(['a b@c.d', 'a@', '@b', 'a@b..c', 'a@-b', 'a@b\n'].map(isEmailAddress)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})
