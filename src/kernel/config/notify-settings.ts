import { choice, int, optionalText, text } from './parsers.ts'
import { setting } from './table.ts'

/** How people and programs outside are told. Unset: the inbox in the UI only. */
export const notifySettings = {
  smtpHost: setting({
    names: ['SMTP_HOST'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Mail server; unset: no e-mail is sent',
  }),
  smtpPort: setting({ names: ['SMTP_PORT'], schema: int(1, 65535), fallback: 587, doc: 'Port of the mail server' }),
  smtpSecurity: setting({
    names: ['SMTP_SECURITY'],
    schema: choice(['starttls', 'tls', 'none']),
    fallback: 'starttls' as 'starttls' | 'tls' | 'none',
    doc: 'starttls (required before signing in), tls from the start, none (local relays only)',
  }),
  smtpUser: setting({ names: ['SMTP_USER'], schema: optionalText(), fallback: undefined, doc: 'Name to sign in with' }),
  smtpPassword: setting({
    names: ['SMTP_PASSWORD'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Password to sign in with',
    secret: true,
  }),
  smtpFrom: setting({
    names: ['SMTP_FROM'],
    schema: text(),
    fallback: 'Troupe <troupe@localhost>',
    doc: 'Sender of e-mails',
  }),
  webhookUrl: setting({
    names: ['WEBHOOK_URL'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Receives every notification as a signed POST',
  }),
  webhookSecret: setting({
    names: ['WEBHOOK_SECRET'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Signs webhooks (Standard Webhooks: whsec_… or any text of 16 characters or more)',
    secret: true,
  }),
}
