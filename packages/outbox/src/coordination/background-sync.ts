/** Tag of the Background Sync that wakes the service worker for a queue. */
export const syncTag = (queue: string) => `landfall:drain:${queue}`

interface SyncRegistration extends ServiceWorkerRegistration {
  sync: { register(tag: string): Promise<void> }
}

/**
 * Asks the browser to wake the service worker when there is a network, also with no page open. Chromium only; elsewhere,
 * or before a service worker is active, the page's own triggers do the work. May be asked for in the service worker too.
 */
export async function requestBackgroundSync(queue: string): Promise<boolean> {
  try {
    const registration = await ownRegistration()
    if (!registration?.active || !('sync' in registration)) return false
    await (registration as SyncRegistration).sync.register(syncTag(queue))
    return true
  } catch {
    // The person or the browser switched it off.
    return false
  }
}

/** Calls back once when a service worker is active, which on a first visit is some time after the page was loaded. */
export function whenServiceWorkerReady(callback: () => void): void {
  globalThis.navigator?.serviceWorker?.ready.then(callback, () => {})
}

async function ownRegistration(): Promise<ServiceWorkerRegistration | undefined> {
  const { registration } = globalThis as { registration?: ServiceWorkerRegistration }
  return registration ?? globalThis.navigator?.serviceWorker?.getRegistration()
}

/** The queue that a sync tag names, or undefined for a tag that is not ours. */
export function queueOfSyncTag(tag: string): string | undefined {
  const prefix = syncTag('')
  return tag.startsWith(prefix) && tag.length > prefix.length ? tag.slice(prefix.length) : undefined
}
