import { databaseNames } from '../protocol/database-names.ts'
import { deleteEverything } from '../storage/delete-generations.ts'
import { LocalDbWipeError } from './errors.ts'

/** How long another tab may take to let go of the database. */
const CLOSED_WITHIN_MS = 5_000

/**
 * Deletes an owner's database from this device without opening it, all generations of it, for a person who leaves. One
 * that is open is wiped through its own handle. Its files are emptied before anything waits.
 *
 * @throws LocalDbWipeError when another tab would not let go of it
 */
export async function deleteLocalDb(owner: string): Promise<void> {
  const deleted = deleteEverything(databaseNames(owner)).catch((error: unknown) => {
    throw new LocalDbWipeError(String(error))
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LocalDbWipeError('another tab has it open')), CLOSED_WITHIN_MS)
  })
  await Promise.race([deleted, late]).finally(() => clearTimeout(timer))
}
