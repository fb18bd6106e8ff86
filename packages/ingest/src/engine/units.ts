import type { Operation } from '@landfall/contract'

/** Operations that stand or fall together: a group, or one operation by itself. */
export type Unit = readonly Operation[]

/** Units in the order of their first operation; members of a group keep their own order. */
export function groupUnits(operations: readonly Operation[]): Unit[] {
  const units: Operation[][] = []
  const byGroup = new Map<string, Operation[]>()
  for (const operation of operations) {
    const group = operation.groupId ? byGroup.get(operation.groupId) : undefined
    if (group) {
      group.push(operation)
      continue
    }
    const unit = [operation]
    units.push(unit)
    if (operation.groupId) byGroup.set(operation.groupId, unit)
  }
  return units
}
