import type { QueueEntryView } from '@landfall/contract'

/** A UUID of version 7 whose order is that of `order`. */
export function orderedUuid(order: number): string {
  return `019a0000-0000-7000-8000-${order.toString(16).padStart(12, '0')}`
}

/** A visitor's queued lead. */
export function queuedLead(order: number, overrides: Partial<QueueEntryView> = {}): QueueEntryView {
  return {
    opId: orderedUuid(order),
    groupId: null,
    entity: 'lead',
    entityId: orderedUuid(1000 + order),
    action: 'insert',
    baseVersion: null,
    state: 'queued',
    label: `Enquiry ${order}`,
    changes: null,
    capturedAt: new Date(Date.UTC(2026, 0, 1, 0, order)).toISOString(),
    attempts: 0,
    nextAttemptAt: null,
    deliveredAt: null,
    txid: null,
    version: null,
    conflict: null,
    reason: null,
    ...overrides,
  }
}

/** A member's queued edit of a lead's status. */
export function queuedStatusEdit(
  order: number,
  leadId: string,
  status: string | null,
  overrides: Partial<QueueEntryView> = {},
): QueueEntryView {
  return queuedLead(order, { action: 'update', entityId: leadId, changes: { status }, ...overrides })
}

/** What a visitor did to a lead that they had sent: changed it (`update`), or took it back (`delete`). */
export function queuedChange(
  order: number,
  action: 'update' | 'delete',
  leadId: string,
  overrides: Partial<QueueEntryView> = {},
): QueueEntryView {
  return queuedLead(order, { action, entityId: leadId, ...overrides })
}
