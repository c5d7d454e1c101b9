import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'

export type PhoneStatus = { open: boolean; address: string | null; phones: number; closes_at: string | null }
export type PhoneLink = { url: string; link_expires_at: string; session_minutes: number; qr_svg: string }

/** Whether phones may come in, a link for one, and the end of it. */
export function usePhone() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: ['phone'] })
  return {
    status: useQuery({
      queryKey: ['phone'],
      queryFn: () => api<PhoneStatus>('/v1/phone-link'),
      refetchInterval: 3000,
      retry: false,
    }),
    create: useMutation({
      mutationFn: (minutes: number) => api<PhoneLink>('/v1/phone-link', { method: 'POST', body: { minutes } }),
      onSuccess,
    }),
    close: useMutation({ mutationFn: () => api('/v1/phone-link', { method: 'DELETE' }), onSuccess }),
  }
}
