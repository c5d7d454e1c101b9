/** What became of one message on one channel. `transient`: not delivered now, worth another try later. */
export type Delivery = {
  channel: 'webhook' | 'email'
  id: string
  delivered: boolean
  transient: boolean
  attempts: number
  status?: number
  error?: string
  /** Recipients the mail server did not take. */
  refused?: string[]
}
