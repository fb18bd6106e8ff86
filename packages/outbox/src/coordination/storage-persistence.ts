import type { StoragePersistence } from '../sync-state.ts'

/** Whether the browser may delete this origin's storage when the device runs full. Asks nobody. */
export async function readPersistence(): Promise<StoragePersistence> {
  return named(() => storage()?.persisted?.())
}

/**
 * Asks the browser to keep this origin's storage until a person deletes it. Some ask the person, so it is done once a
 * page, and only for somebody who has something to lose.
 */
export async function askForPersistence(): Promise<StoragePersistence> {
  const before = await readPersistence()
  return before === 'best-effort' ? named(() => storage()?.persist?.()) : before
}

async function named(read: () => Promise<boolean> | undefined): Promise<StoragePersistence> {
  try {
    const isPersisted = await read()
    return isPersisted === undefined ? 'unknown' : isPersisted ? 'persisted' : 'best-effort'
  } catch {
    return 'unknown'
  }
}

const storage = (): Partial<StorageManager> | undefined => globalThis.navigator?.storage
