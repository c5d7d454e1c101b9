import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Webhook, WebhookInput } from '../../../../../src/kernel/notify/webhook-store.ts'
import { api } from '../../../api/client.ts'

export type { Webhook, WebhookInput }
export type Delivery = {
  message_id: string
  event_id: string
  type: string
  status: string
  attempts: number
  last_error: string | null
  created_at: string
}
export type TestReply = { delivered: boolean; status?: number; error?: string }

const at = (id: string, rest = '') => `/v1/webhooks/${encodeURIComponent(id)}${rest}`

export const useWebhooks = () =>
  useQuery({
    queryKey: ['webhooks'],
    queryFn: async () => (await api<{ webhooks: Webhook[] }>('/v1/webhooks')).webhooks,
    refetchInterval: 10_000,
    retry: false,
  })

export const useDeliveries = (id: string) =>
  useQuery({
    queryKey: ['webhooks', id, 'deliveries'],
    queryFn: async () =>
      (await api<{ deliveries: Delivery[] }>(at(id, '/deliveries'), { query: { limit: 20 } })).deliveries,
    refetchInterval: 5000,
  })

/** Makes, changes, tests and ends webhooks. A new secret is in the reply only. */
export function useWebhookActions() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: ['webhooks'] })
  return {
    create: useMutation({
      mutationFn: (body: Partial<WebhookInput>) =>
        api<Webhook & { secret: string }>('/v1/webhooks', { method: 'POST', body }),
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: Partial<WebhookInput> & { id: string }) =>
        api<Webhook>(at(id), { method: 'PATCH', body }),
      onSuccess,
    }),
    rotate: useMutation({
      mutationFn: (id: string) => api<Webhook & { secret: string }>(at(id, '/secret'), { method: 'POST', body: {} }),
      onSuccess,
    }),
    test: useMutation({ mutationFn: (id: string) => api<TestReply>(at(id, '/test'), { method: 'POST', body: {} }) }),
    remove: useMutation({ mutationFn: (id: string) => api(at(id), { method: 'DELETE' }), onSuccess }),
    resend: useMutation({
      mutationFn: ({ id, message }: { id: string; message: string }) =>
        api(at(id, `/deliveries/${encodeURIComponent(message)}/resend`), { method: 'POST', body: {} }),
      onSuccess,
    }),
  }
}
