import { randomBytes } from 'node:crypto'

/** Of a name in Postgres. */
const LONGEST_NAME = 63

/**
 * Slots of all databases of a cluster share one space of names. A permanent slot is found again by its name, so that
 * one depends on the database alone; temporary ones of two servers must differ.
 */
export function permanentSlotName(prefix: string, databaseOid: number): string {
  return checkSlotName(`${prefix}_${databaseOid}`)
}

export function temporarySlotName(prefix: string): string {
  return checkSlotName(`${prefix}_${randomBytes(4).toString('hex')}`)
}

export class SlotNameError extends Error {
  override name = 'SlotNameError'
}

/** Throws a SlotNameError for what Postgres would refuse. */
export function checkSlotName(name: string): string {
  if (!/^[a-z0-9_]+$/.test(name) || name.length > LONGEST_NAME) {
    throw new SlotNameError(
      `${JSON.stringify(name)} cannot name a replication slot: at most ${LONGEST_NAME} of a-z, 0-9 and _ are allowed`,
    )
  }
  return name
}
