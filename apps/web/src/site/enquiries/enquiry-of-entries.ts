import type { QueueEntryView } from '@landfall/contract'
import type { EnquiryProgress, EnquiryRow } from '@landfall/local-db'

const PROGRESS_OF: Record<QueueEntryView['state'], EnquiryProgress> = {
  queued: 'saved',
  sending: 'sending',
  delivered: 'sent',
  dead: 'failed',
}

const asDate = (iso: string | null) => (iso === null ? null : new Date(iso))
const isOnItsWay = ({ state }: QueueEntryView) => state === 'queued' || state === 'sending'

/** Amendments of a lead that the server has not answered yet. */
export function pendingChanges(leadId: string, entries: readonly QueueEntryView[]): number {
  return entries.filter((entry) => entry.entityId === leadId && entry.action === 'update' && isOnItsWay(entry)).length
}

/** A lead as the outbox alone knows it: what the view `enquiries` says without its receipt. */
export function enquiryOfEntries(lead: QueueEntryView, entries: readonly QueueEntryView[]): EnquiryRow {
  const changes = entries.filter(
    ({ entity, entityId, action }) => entity === 'lead' && entityId === lead.entityId && action !== 'insert',
  )
  const withdrawal = changes.findLast(({ action, state }) => action === 'delete' && state !== 'dead')
  const amendments = changes.filter(({ action }) => action === 'update')
  return {
    lead_id: lead.entityId,
    label: lead.label,
    progress: progressOf(lead, withdrawal),
    captured_at: new Date(lead.capturedAt),
    sent_at: asDate(lead.deliveredAt),
    received_at: null,
    status_changed_at: asDate(withdrawal?.deliveredAt ?? null),
    reason: lead.reason,
    attempts: lead.attempts,
    next_attempt_at: asDate(lead.nextAttemptAt),
    pending_changes: pendingChanges(lead.entityId, entries),
    changed_at: asDate(amendments.findLast(({ state }) => state === 'delivered')?.deliveredAt ?? null),
  }
}

function progressOf(lead: QueueEntryView, withdrawal: QueueEntryView | undefined): EnquiryProgress {
  if (withdrawal?.state === 'delivered') return 'withdrawn'
  return withdrawal && lead.state !== 'dead' ? 'withdrawing' : PROGRESS_OF[lead.state]
}
