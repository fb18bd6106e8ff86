import type { ConflictValues, QueueEntryView } from '@landfall/contract'
import type { Entry } from './entry.ts'
import { attemptsOf } from './transitions.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** The opened parts of a member's edit that its readers are shown. */
export interface ShownContent {
  changes: Record<string, unknown> | null
  conflict: ConflictValues | null
}

export const NOTHING_SHOWN: ShownContent = { changes: null, conflict: null }

/** Whether a view of it needs something opened; a visitor's never does. */
export function showsContent(entry: Entry): boolean {
  return entry.hasChanges || (entry.state.kind === 'delivered' && entry.state.outcome === 'conflict')
}

/** What readers are told of an entry: its state and no payload. */
export function toView(entry: Entry, shown: ShownContent = NOTHING_SHOWN): QueueEntryView {
  const { state } = entry
  return {
    opId: entry.opId,
    groupId: entry.groupId,
    entity: entry.entity,
    entityId: entry.entityId,
    action: entry.action,
    baseVersion: entry.baseVersion,
    state: state.kind,
    label: entry.label,
    changes: shown.changes,
    capturedAt: entry.capturedAt,
    attempts: attemptsOf(entry),
    nextAttemptAt: state.kind === 'queued' && state.notBeforeMs > 0 ? iso(state.notBeforeMs) : null,
    deliveredAt: state.kind === 'delivered' ? iso(state.atMs) : null,
    txid: state.kind === 'delivered' ? state.txid : null,
    version: state.kind === 'delivered' ? state.version : null,
    conflict: shown.conflict,
    reason: state.kind === 'dead' ? state.reason : null,
  }
}
