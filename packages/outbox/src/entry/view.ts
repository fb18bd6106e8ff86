import type { QueueEntryView } from '@landfall/contract'
import type { Entry } from './entry.ts'
import { attemptsOf } from './transitions.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** What readers are told of an entry: its state and no payload. */
export function toView(entry: Entry): QueueEntryView {
  const { state } = entry
  return {
    opId: entry.opId,
    groupId: entry.groupId,
    entity: entry.entity,
    entityId: entry.entityId,
    action: entry.action,
    state: state.kind,
    label: entry.label,
    changes: entry.changes,
    capturedAt: entry.capturedAt,
    attempts: attemptsOf(entry),
    nextAttemptAt: state.kind === 'queued' && state.notBeforeMs > 0 ? iso(state.notBeforeMs) : null,
    deliveredAt: state.kind === 'delivered' ? iso(state.atMs) : null,
    txid: state.kind === 'delivered' ? state.txid : null,
    version: state.kind === 'delivered' ? state.version : null,
    conflict: state.kind === 'delivered' ? state.conflict : null,
    reason: state.kind === 'dead' ? state.reason : null,
  }
}
