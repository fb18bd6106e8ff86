import type { QueueEntryView } from '@landfall/contract'
import type { Lead } from '@landfall/local-db/tables'

/** Two people gave a lead a status without knowing of each other: the later one stands, and the other can be had back. */
export interface StatusConflict {
  opId: string
  leadId: string
  /** What stands. */
  kept: string
  /** What gave way. */
  lost: string
  /** Whether it is this member's own that stands. */
  isMineKept: boolean
}

/** The last conflict of each lead over its status, unless its member has edited the status again since. */
export function statusConflicts(entries: readonly QueueEntryView[]): ReadonlyMap<string, StatusConflict> {
  const found = new Map<string, StatusConflict>()
  for (const entry of entries) {
    if (entry.entity !== 'lead' || entry.action !== 'update' || !Object.hasOwn(entry.changes ?? {}, 'status')) continue
    const conflict = conflictOf(entry)
    if (conflict) found.set(entry.entityId, conflict)
    // A dead edit changed nothing, so what came before it still stands to be told.
    else if (entry.state !== 'dead') found.delete(entry.entityId)
  }
  return found
}

function conflictOf({ opId, entityId: leadId, changes, conflict }: QueueEntryView): StatusConflict | undefined {
  const { kept, lost } = conflict?.status ?? {}
  if (typeof kept !== 'string' || typeof lost !== 'string') return undefined
  return { opId, leadId, kept, lost, isMineKept: kept === changes?.status }
}

/** Whether it still says how things are: once somebody has changed the status, it is history. */
export function isCurrent(conflict: StatusConflict, lead: Pick<Lead, 'status'>): boolean {
  return lead.status === conflict.kept
}
