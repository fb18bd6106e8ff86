import type { OutboxUnavailableError } from '@landfall/outbox'

/** What a page is told of a lead; `submissionId` is the lead's id, the key by which a conversion counts once. */
export interface LeadFormEventDetail {
  formId: string
  submissionId?: string
  status?: string
  error?: string
}

export type LeadFormEventName = 'ready' | 'start' | 'saved' | 'sent' | 'received' | 'status' | 'error'

export interface LeadFormHandlers {
  onReady?: (detail: LeadFormEventDetail) => void
  /** The first key typed. */
  onStart?: (detail: LeadFormEventDetail) => void
  /** The lead is on the device's disk. */
  onSaved?: (detail: LeadFormEventDetail) => void
  /** The server has answered for it. */
  onSent?: (detail: LeadFormEventDetail) => void
  /** Its receipt came back. */
  onReceived?: (detail: LeadFormEventDetail) => void
  /** The tenant moved it on. */
  onStatus?: (detail: LeadFormEventDetail) => void
  onError?: (detail: LeadFormEventDetail & { cause?: OutboxUnavailableError }) => void
}

const HANDLER_OF = {
  ready: 'onReady',
  start: 'onStart',
  saved: 'onSaved',
  sent: 'onSent',
  received: 'onReceived',
  status: 'onStatus',
  error: 'onError',
} as const satisfies Record<LeadFormEventName, keyof LeadFormHandlers>

/** Tells React and, as a bubbling `leadform:*` event, any script of the page. */
export function emit(
  element: Element | null,
  handlers: LeadFormHandlers,
  name: LeadFormEventName,
  detail: LeadFormEventDetail,
): void {
  handlers[HANDLER_OF[name]]?.(detail)
  element?.dispatchEvent(new CustomEvent(`leadform:${name}`, { bubbles: true, composed: true, detail }))
}
