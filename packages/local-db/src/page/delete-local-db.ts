import { databaseNames } from '../protocol/database-names.ts'
import { LocalDbWipeError } from './errors.ts'

/** How long another tab may take to let go of the database. */
const CLOSED_WITHIN_MS = 5_000

/**
 * Deletes a tenant's database from this device without opening it, for a person who leaves. One that is open is wiped
 * through its own handle.
 *
 * @throws LocalDbWipeError when another tab would not let go of it
 */
export async function deleteLocalDb(tenantId: string): Promise<void> {
  const request = indexedDB.deleteDatabase(databaseNames(tenantId).indexedDbName)
  const deleted = new Promise<void>((resolve, reject) => {
    request.onsuccess = () => resolve()
    request.onerror = () => reject(new LocalDbWipeError(String(request.error)))
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LocalDbWipeError('another tab has it open')), CLOSED_WITHIN_MS)
  })
  await Promise.race([deleted, late]).finally(() => clearTimeout(timer))
}
