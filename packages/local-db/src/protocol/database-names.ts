/** An owner's name can't name a database: it would break out of the names built from it. */
export class OwnerNameError extends Error {
  override name = 'OwnerNameError'
  constructor(owner: string) {
    super(`"${owner}" can't be part of a database's name. Use up to 128 letters, digits, "-", "_" and "." only.`)
  }
}

/** Names by which all tabs and workers of one owner find each other; none carries a version, so they survive a deploy. */
export interface DatabaseNames {
  owner: string
  /** Whoever holds PGlite's election lock of this id owns the database. */
  lockId: string
  controlChannel: string
  /** Held by a tab while it reads the outbox and writes it here. */
  reconcileLock: string
  /** Every data directory of the owner begins with it, and none of another's does: no owner's name holds a `~`. */
  generationPrefix: string
  /** Where builds before generations kept the database: one for all members of a tenant. */
  unversionedIndexedDbName: string
}

/** One data directory of an owner. The newest is in use; older ones are set aside and wait to be deleted. */
export interface GenerationNames {
  generation: number
  dataDir: string
  /** Where PGlite keeps the directory. */
  indexedDbName: string
}

/** PGlite's own root directory; written here because a page loads no PGlite. */
export const PGLITE_ROOT = '/pglite'

export function databaseNames(owner: string): DatabaseNames {
  if (!/^[A-Za-z0-9_.-]{1,128}$/.test(owner)) throw new OwnerNameError(owner)
  const [tenantId] = owner.split('.')
  return {
    owner,
    lockId: `landfall-${owner}`,
    controlChannel: `landfall-local-db:${owner}`,
    reconcileLock: `landfall:reconcile:${owner}`,
    generationPrefix: `landfall-${owner}~`,
    unversionedIndexedDbName: `${PGLITE_ROOT}/landfall-${tenantId}`,
  }
}

/** @param generation 1 or more */
export function generationNames({ generationPrefix }: DatabaseNames, generation: number): GenerationNames {
  const directory = `${generationPrefix}${generation}`
  return { generation, dataDir: `idb://${directory}`, indexedDbName: `${PGLITE_ROOT}/${directory}` }
}

/** The generation that an IndexedDB database holds, or null when it is none of this owner's. */
export function generationOf({ generationPrefix }: DatabaseNames, indexedDbName: string): number | null {
  const prefix = `${PGLITE_ROOT}/${generationPrefix}`
  if (!indexedDbName.startsWith(prefix)) return null
  const digits = indexedDbName.slice(prefix.length)
  return /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : null
}
