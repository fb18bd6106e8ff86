/// <reference lib="webworker" />
import { type DrainAllOptions, drainAll, mustComeAgain, queueOfSyncTag, requestSyncFor } from '@landfall/outbox'

declare const self: ServiceWorkerGlobalScope

/** https://developer.mozilla.org/docs/Web/API/SyncEvent; not in TypeScript's library. */
interface SyncEvent extends ExtendableEvent {
  tag: string
  lastChance: boolean
}

/** There is a network: the browser wakes us, with or without a page, to send what waits. */
export function drainOnSync(): void {
  self.addEventListener('sync' as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
    const sync = event as SyncEvent
    const queue = queueOfSyncTag(sync.tag)
    // The browser keeps this version alive for as long, also when the next one has been activated meanwhile.
    if (queue !== undefined) sync.waitUntil(drainForSync(queue, sync.lastChance))
  })
}

/**
 * Rejects when something is left, which has the browser fire the sync again in its own time, a few times. At its last
 * chance it would then forget us, so a new registration is made instead; our own backoff, at the next page or activation,
 * does not depend on either.
 */
export async function drainForSync(queue: string, isLastChance: boolean, options: DrainAllOptions = {}): Promise<void> {
  const results = await drainAll({ urgency: 'eager', ...options, only: queue })
  const left = results.filter(mustComeAgain)
  if (left.length === 0) return
  if (!isLastChance) throw new Error(`queue ${queue} is not empty yet`)
  await requestSyncFor(left)
}

/**
 * A version that takes over looks after what the one before left in the queue. Activation does not wait for it: until it
 * is over no page is answered, and a server that stays silent would make them hang. So the browser may end us in the middle
 * of it; that loses nothing, and the next page or the sync that it asked for goes on.
 */
export function drainOnActivation(): void {
  self.addEventListener('activate', () => void drainAndComeAgain())
}

async function drainAndComeAgain(): Promise<void> {
  try {
    await requestSyncFor(await drainAll({ urgency: 'eager' }))
  } catch {
    // No storage: then there is no queue either.
  }
}
