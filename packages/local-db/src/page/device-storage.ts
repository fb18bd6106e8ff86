import type { PGliteInterface } from '@electric-sql/pglite'
import { databaseNames } from '../protocol/database-names.ts'
import type { OperationQueue } from '../reconcile/operation-queue.ts'
import { storedBytes } from '../storage/stored-bytes.ts'

/** What a database takes of this device. Sizes are in bytes; null where the browser does not tell. */
export interface DeviceStorage {
  /** Files of the local database. */
  databaseBytes: number
  /** What the browser lets this site have. */
  quotaBytes: number | null
  /** What everything of this site takes: queue, database, kept files. */
  usageBytes: number | null
  /** Whether only a person may delete it. Null where the browser does not tell. */
  isPersisted: boolean | null
  /**
   * What the browser may delete by itself when the device runs short, or after long disuse: everything of this site at
   * once. Null when it may not. The database costs a download; operations that were not sent are lost with their queue.
   */
  evictable: { databaseBytes: number; unsentOperations: number | null } | null
}

/** The same without opening the database: reads every file of it once. */
export async function readDeviceStorage(owner: string, queue?: OperationQueue): Promise<DeviceStorage> {
  return deviceStorage(await storedBytes(databaseNames(owner)), queue)
}

export async function deviceStorage(databaseBytes: number, queue: OperationQueue | undefined): Promise<DeviceStorage> {
  // Missing where the page is no secure context, and in old browsers.
  const storage: Partial<StorageManager> | undefined = navigator.storage
  const [estimate, isPersisted, unsentOperations] = await Promise.all([
    storage?.estimate?.().catch(() => null),
    storage?.persisted?.().catch(() => null),
    queue && countUnsent(queue),
  ])
  return {
    databaseBytes,
    quotaBytes: estimate?.quota ?? null,
    usageBytes: estimate?.usage ?? null,
    isPersisted: isPersisted ?? null,
    evictable: isPersisted ? null : { databaseBytes, unsentOperations: unsentOperations ?? null },
  }
}

/** Of an open database, from its own file system. */
export async function databaseSize(pg: Pick<PGliteInterface, 'query'>): Promise<number> {
  const { rows } = await pg.query<{ bytes: number }>(
    `SELECT (pg_database_size(current_database())
      + coalesce((SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relisshared), 0)
      + (SELECT sum(size) FROM pg_ls_waldir()))::float8 AS bytes`,
  )
  return rows[0]?.bytes ?? 0
}

async function countUnsent(queue: OperationQueue): Promise<number> {
  const { entries } = await queue.readSnapshot()
  return entries.filter(({ state }) => state !== 'delivered').length
}
