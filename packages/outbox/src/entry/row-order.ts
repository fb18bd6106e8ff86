import type { Entry } from './entry.ts'

export type Orderable = Pick<Entry, 'opId' | 'groupId' | 'entity' | 'entityId' | 'seq'> & {
  state: { kind: Entry['state']['kind'] }
}

/** Order of writing. */
export function compareOrder(a: Pick<Entry, 'seq' | 'opId'>, b: Pick<Entry, 'seq' | 'opId'>): number {
  return a.seq - b.seq || (a.opId < b.opId ? -1 : a.opId > b.opId ? 1 : 0)
}

/**
 * What may go out next without overtaking anything, in order of writing: each unit is one operation, or all of a group
 * that wait. Of a row only the first unsettled unit may go. Behind a dead letter of the same row nothing goes until a
 * person resends or discards it. Groups are written in one call, so that two of them never wait for each other.
 *
 * @param entries waiting and dead ones, in order of writing
 */
export function* headsOfRows<T extends Orderable>(entries: readonly T[]): Generator<T[]> {
  const groups = new Map<string, T[]>()
  const deadAt = new Map<string, number>()
  for (const entry of entries) {
    if (isDead(entry)) deadAt.set(rowOf(entry), Math.min(entry.seq, deadAt.get(rowOf(entry)) ?? entry.seq))
    else if (entry.groupId !== null) {
      const members = groups.get(entry.groupId)
      if (members) members.push(entry)
      else groups.set(entry.groupId, [entry])
    }
  }
  const takenRows = new Set<string>()
  for (const entry of entries) {
    if (isDead(entry)) continue
    const unit = entry.groupId === null ? [entry] : groups.get(entry.groupId)
    // A group stands where its first one stands.
    if (unit?.[0] !== entry) continue
    const rows = unit.map(rowOf)
    const isBehind = unit.some((member, index) => {
      const row = rows[index] as string
      return takenRows.has(row) || (deadAt.get(row) ?? Number.POSITIVE_INFINITY) < member.seq
    })
    for (const row of rows) takenRows.add(row)
    if (!isBehind) yield unit
  }
}

const isDead = (entry: Orderable) => entry.state.kind === 'dead'
const rowOf = (entry: Orderable) => `${entry.entity} ${entry.entityId}`
