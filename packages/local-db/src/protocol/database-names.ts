/** A tenant id can't name a database: it would break out of the names built from it. */
export class TenantIdError extends Error {
  override name = 'TenantIdError'
  constructor(tenantId: string) {
    super(`"${tenantId}" can't be part of a database's name. Use letters, digits, "-" and "_" only.`)
  }
}

/** Names by which all tabs and workers of one tenant find each other; none carries a version, so they survive a deploy. */
export interface DatabaseNames {
  /** Name within PGlite's root directory. */
  directory: string
  dataDir: string
  /** Where PGlite keeps that directory. */
  indexedDbName: string
  /** Whoever holds PGlite's election lock of this id owns the database. */
  lockId: string
  controlChannel: string
  /** Held by a tab while it reads the outbox and writes it here. */
  reconcileLock: string
}

/** PGlite's own root directory; written here because a page loads no PGlite. */
export const PGLITE_ROOT = '/pglite'

export function databaseNames(tenantId: string): DatabaseNames {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(tenantId)) throw new TenantIdError(tenantId)
  const directory = `landfall-${tenantId}`
  return {
    directory,
    dataDir: `idb://${directory}`,
    indexedDbName: `${PGLITE_ROOT}/${directory}`,
    lockId: directory,
    controlChannel: `landfall-local-db:${tenantId}`,
    reconcileLock: `landfall:reconcile:${tenantId}`,
  }
}
