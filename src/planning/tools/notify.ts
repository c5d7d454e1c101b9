import { z } from 'zod'
import { systemCtx } from '../../kernel/context.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { queueMessage } from '../../kernel/notify/outbox.ts'
import { isEmailAddress } from '../../kernel/notify/send-email.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { planningTool } from './planning-tool.ts'

const input = z.object({
  recipients: z.array(z.string().min(1).max(200)).min(1).max(100),
  subject: z.string().min(1).max(200),
  body: z.string().max(10_000).default(''),
  channel: z.enum(['in_app', 'email']).default('in_app'),
})
type Sent = { channel: 'in_app' | 'email'; delivery_ids: string[] }

/** The event stream is no place for addresses. */
const shown = (person: string): string => (isEmailAddress(person) ? person.replace(/^(.).*@/, '$1…@') : person)

/** Tells people: always in the app, by e-mail too where a mail server is set. The same call tells once. */
export function notifyTool(kernel: Kernel) {
  const tell = (
    callId: string,
    eventId: string | undefined,
    { recipients, subject, body }: z.output<typeof input>,
    email: boolean,
  ) =>
    kernel.db.transaction(async (tx): Promise<Sent> => {
      const ctx = systemCtx(kernel)
      const known = await tx.query(
        `select data from kernel.events where type = 'notification.sent' and data ->> 'call_id' = $1 limit 1`,
        [callId],
      )
      if (known.rows[0]) return known.rows[0]['data'] as Sent
      const mails: string[] = []
      if (email)
        for (const to of recipients.filter(isEmailAddress))
          mails.push(await queueMessage(tx, ctx, { channel: 'email', message: { to: [to], subject, text: body } }))
      const delivery_ids = recipients.map((_person, index) => mails[index] ?? `${callId}:${index + 1}`)
      const sent: Sent = { channel: mails.length > 0 ? 'email' : 'in_app', delivery_ids }
      await emit(tx, ctx, {
        domain: 'planning',
        type: 'notification.sent',
        stream: eventId ? `brief:${eventId}` : 'planning',
        summary: `${subject} — to ${recipients.map(shown).join(', ')}`.slice(0, 500),
        data: {
          call_id: callId,
          recipients: recipients.map(shown),
          subject,
          body: body.slice(0, 2_000),
          event_brief_id: eventId ?? null,
          ...sent,
        },
      })
      return sent
    })
  return planningTool(
    defineTool<z.output<typeof input>, Sent, { callId: string; signal: AbortSignal; eventId?: string }>({
      name: 'notify',
      title: 'Notify people',
      description: 'Tells people in the app, and by e-mail when a mail server is configured.',
      input: input as never,
      touches: ['people'],
      writes: ['notifications'],
      approval: 'never',
      run: ({ callId, eventId }, args) =>
        tell(callId, eventId, args, args.channel === 'email' && Boolean(kernel.config.notify.smtpHost)),
      fallback: ({ callId, eventId }, args) => tell(callId, eventId, args, false),
    }) as never,
    { artifactMapping: [], tests: ['test/planning/notify-people.test.ts'] },
  )
}
