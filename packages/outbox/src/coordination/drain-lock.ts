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
