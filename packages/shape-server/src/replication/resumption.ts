import type { DatabaseServer } from './database-server.ts'
import { formatLsn, type Lsn } from './lsn.ts'
import type { StreamIdentity } from './replication-sink.ts'
import type { SlotState } from './slot.ts'

/** How a stream can go on. */
export type Resumption =
  | { kind: 'resume' }
  /** Another server streams from the slot. */
  | { kind: 'wait'; processId: number }
  /** Changes are missing, or might be: everything that was kept is given up. */
  | { kind: 'start-over'; reason: string }

export interface ResumptionFacts {
  /** What was kept from before; undefined when there is nothing. */
  identity: StreamIdentity | undefined
  /** Everything that committed before this position has been taken over. */
  from: Lsn
  server: DatabaseServer
  slotName: string
  slot: SlotState
  /** Where the server left the timeline of `identity`; undefined when it is still on it, or never was. */
  forkedAt: Lsn | undefined
  hasPublication: boolean
}

/** Whether everything behind `from` will come, and nothing that was taken over was undone. */
export function decideResumption(facts: ResumptionFacts): Resumption {
  const { identity, from, server, slotName, slot, forkedAt, hasPublication } = facts
  if (slot.kind === 'in-use') return { kind: 'wait', processId: slot.processId }
  const startOver = (reason: string): Resumption => ({ kind: 'start-over', reason })
  if (!identity) return startOver('there is nothing to go on from')
  if (identity.systemIdentifier !== server.systemIdentifier) return startOver('it is another cluster')
  if (identity.databaseOid !== server.databaseOid) return startOver('it is another database')
  if (identity.slotName !== slotName) return startOver('it is another slot')
  if (identity.timeline !== server.timeline && (forkedAt === undefined || forkedAt < from)) {
    return startOver(`the cluster was restored to before ${formatLsn(from)}`)
  }
  if (server.walEnd < from) return startOver(`the write-ahead log ends before ${formatLsn(from)}`)
  if (!hasPublication) return startOver('the publication is gone')
  switch (slot.kind) {
    case 'absent':
      return startOver('the slot is gone')
    case 'unusable':
      return startOver(`the slot is of no use: ${slot.reason}`)
    case 'free':
      if (slot.acknowledged <= from) return { kind: 'resume' }
      return startOver('the slot has moved on without us')
  }
}
