import type { Config } from '../config/load-config.ts'
import type { Delivery } from './delivery.ts'

export type EmailMessage = {
  /** The same for every attempt: becomes the Message-ID, by which mail programs drop doubles. */
  id: string
  to: readonly string[]
  subject: string
  text: string
  html?: string
  replyTo?: string
}
export type EmailSender = {
  send(message: EmailMessage): Promise<Delivery>
  close(): void
}

const ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i
const MAX_RECIPIENTS = 100

/** One mailbox without a display name; nothing that could add a header or a second recipient. */
export const isEmailAddress = (text: string): boolean => ADDRESS.test(text) && !text.includes('..')

const oneLine = (text: string) => text.replace(/[\r\n\u0000-\u001f\u007f]+/g, ' ').trim()

type SmtpFailure = Error & { responseCode?: number; code?: string; rejected?: string[] }

/**
 * E-mail over SMTP; undefined when no mail server is configured. `starttls` never signs in or sends without encryption. Attachments from paths or addresses
 * are impossible. Never throws: the outcome says what happened.
 */
export async function createEmailSender(
  settings: Config['notify'],
  options: { timeoutMs?: number } = {},
): Promise<EmailSender | undefined> {
  if (!settings.smtpHost) return undefined
  const { createTransport } = await import('nodemailer')
  const timeoutMs = options.timeoutMs ?? 15_000
  const transport = createTransport({
    host: settings.smtpHost,
    port: settings.smtpPort,
    secure: settings.smtpSecurity === 'tls',
    requireTLS: settings.smtpSecurity === 'starttls',
    ignoreTLS: settings.smtpSecurity === 'none',
    ...(settings.smtpUser && { auth: { user: settings.smtpUser, pass: settings.smtpPassword ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^>\s]+)/.exec(settings.smtpFrom)?.[1] ?? 'localhost'

  return {
    close: () => transport.close(),
    async send(message) {
      const base = { channel: 'email' as const, id: message.id, attempts: 1 }
      const wrong = message.to.filter((address) => !isEmailAddress(address))
      if (wrong.length > 0 || message.to.length === 0 || message.to.length > MAX_RECIPIENTS) {
        const error =
          wrong.length > 0
            ? `not an e-mail address: ${wrong.join(', ').slice(0, 200)}`
            : `one to ${MAX_RECIPIENTS} recipients are needed`
        return { ...base, delivered: false, transient: false, error, refused: wrong }
      }
      try {
        const sent = await transport.sendMail({
          messageId: `<${message.id.replace(/[^\w.-]/g, '_')}@${domain}>`,
          from: settings.smtpFrom,
          to: message.to.map((address) => ({ name: '', address })),
          subject: oneLine(message.subject).slice(0, 250),
          text: message.text,
          ...(message.html !== undefined && { html: message.html }),
          ...(message.replyTo !== undefined && isEmailAddress(message.replyTo) && { replyTo: message.replyTo }),
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        const refused = sent.rejected.map(String)
        return { ...base, delivered: true, transient: false, ...(refused.length > 0 && { refused }) }
      } catch (cause) {
        const { responseCode, code, message: text, rejected } = cause as SmtpFailure
        const permanent =
          (responseCode !== undefined && responseCode >= 500) ||
          code === 'EAUTH' ||
          code === 'EENVELOPE' ||
          code === 'ETLS'
        return {
          ...base,
          delivered: false,
          transient: !permanent || (responseCode !== undefined && responseCode < 500),
          ...(responseCode !== undefined && { status: responseCode }),
          error: `${code ?? 'ESMTP'}: ${oneLine(text).slice(0, 300)}`,
          ...(rejected && { refused: rejected }),
        }
      }
    },
  }
}
