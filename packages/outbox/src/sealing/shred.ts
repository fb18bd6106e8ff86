import type { WriteTransaction } from '../store/connection.ts'
import type { StoreNames } from '../store/open-store.ts'

/** Stores that a transaction must hold to shred the key in it. */
export const SHRED_STORES = ['contents', 'drafts', 'quarantine', 'keys'] as const satisfies readonly StoreNames[]

/**
 * Removes the key when nothing is left that it sealed: what the disk may still hold of deleted records can then never be
 * read. The next content gets a new one.
 *
 * @returns whether a key went
 */
export async function shredKeyIfUnused(tx: WriteTransaction): Promise<boolean> {
  const [content, draft, quarantined, key] = await Promise.all([
    tx.objectStore('contents').getAllKeys(null, 1),
    tx.objectStore('drafts').getAllKeys(null, 1),
    tx.objectStore('quarantine').getAllKeys(null, 1),
    tx.objectStore('keys').getAllKeys(null, 1),
  ])
  if (content.length + draft.length + quarantined.length > 0 || key.length === 0) return false
  await tx.objectStore('keys').clear()
  return true
}
