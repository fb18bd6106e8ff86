/**
 * Runs `work` as the queue's only drainer, across tabs and service worker. The lock is queued for, not asked: whoever
 * wants to drain will, after the one before, and sees what came in meanwhile.
 *
 * A browser without Web Locks drains without: the server's ledger makes a second delivery harmless.
 */
export function withDrainLock<T>(queue: string, work: () => Promise<T>): Promise<T> {
  const { locks } = globalThis.navigator ?? {}
  // Never within the call, so that the caller knows of the drain before it begins.
  const later = () => Promise.resolve().then(work)
  return locks ? (locks.request(`landfall:drain:${queue}`, later) as Promise<T>) : later()
}

/**
 * Runs `work` while nobody drains, so that what the store says of attempts is all there is to say.
 *
 * @param waitMs how long to wait for a drain that goes on; 0 asks once
 * @returns undefined when somebody drains for longer, or nobody can tell because the browser has no Web Locks
 */
export async function whileNobodyDrains<T>(
  queue: string,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const { locks } = globalThis.navigator ?? {}
  if (!locks) return undefined
  // A controller of its own: a signal that fires after the lock was granted must do nothing.
  const waiting = new AbortController()
  const timer = waitMs > 0 ? setTimeout(() => waiting.abort(), waitMs) : undefined
  const options: LockOptions = waitMs > 0 ? { signal: waiting.signal } : { ifAvailable: true }
  let isGranted = false
  try {
    return (await locks.request(`landfall:drain:${queue}`, options, async (lock) => {
      clearTimeout(timer)
      isGranted = lock !== null
      return isGranted ? work() : undefined
    })) as T | undefined
  } catch (error) {
    if (isGranted) throw error
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
