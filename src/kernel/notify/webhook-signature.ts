import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors/app-error.ts'

export type WebhookHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string }

const TOLERANCE_SECONDS = 300

/** `whsec_` and base64, or any other text as it is. Throws WEBHOOK_SECRET_INVALID below 16 bytes. */
function keyOf(secret: string): Buffer {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  if (key.length < 16)
    throw new AppError(
      'WEBHOOK_SECRET_INVALID',
      'A webhook secret needs at least 16 bytes: whsec_ and base64, or a long text.',
    )
  return key
}

const signature = (secret: string, id: string, timestamp: string, body: string) =>
  createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')

/** The headers of the Standard Webhooks convention. Several secrets (a change of secret) give several signatures. */
export function signWebhook(secrets: readonly string[], id: string, atMs: number, body: string): WebhookHeaders {
  const timestamp = String(Math.floor(atMs / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${signature(secret, id, timestamp, body)}`).join(' '),
  }
}

/** Whether a received webhook was signed with one of the secrets and is not older or newer than five minutes. Compares in constant time. */
export function verifyWebhook(
  secrets: readonly string[],
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
  nowMs: number,
): boolean {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const given = headers['webhook-signature']
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof given !== 'string') return false
  if (!/^\d+$/.test(timestamp) || Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false
  const offered = given.split(' ').flatMap((part) => (part.startsWith('v1,') ? [Buffer.from(part.slice(3))] : []))
  return secrets.some((secret) => {
    const expected = Buffer.from(signature(secret, id, timestamp, body))
    return offered.some((candidate) => candidate.length === expected.length && timingSafeEqual(candidate, expected))
  })
}
