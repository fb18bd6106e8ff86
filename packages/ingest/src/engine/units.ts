import type { Candidate, Handler } from './handler.ts'
import type { ReadOperation } from './read-operations.ts'

/**
 * What is tried together. A `run` is operations of one kind, each of another row, that may share their statements; a
 * `group` stands or falls as the device asked, with everything in it.
 */
export type Unit =
  | { kind: 'run'; handler: Handler; run: readonly Candidate[] }
  | { kind: 'group'; members: readonly ReadOperation[] }

/** Units in the order of their first operation; members of a group keep their own order. */
export function planUnits(operations: readonly ReadOperation[]): Unit[] {
  const units: Unit[] = []
  const groups = new Map<string, ReadOperation[]>()
  let current: { handler: Handler; run: Candidate[]; rows: Set<string> } | undefined
  for (const read of operations) {
    const { groupId, entityId } = read.operation
    const group = groupId ? groups.get(groupId) : undefined
    if (group) {
      group.push(read)
    } else if (groupId) {
      const members = [read]
      groups.set(groupId, members)
      units.push({ kind: 'group', members })
      current = undefined
    } else if (read.kind === 'candidate') {
      if (current?.handler !== read.handler || current.rows.has(entityId)) {
        current = { handler: read.handler, run: [], rows: new Set() }
        units.push({ kind: 'run', handler: current.handler, run: current.run })
      }
      current.run.push(read.candidate)
      current.rows.add(entityId)
    }
  }
  return units
}
