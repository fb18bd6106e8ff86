/// <reference lib="webworker" />
import { drainAll, queueOfSyncTag } from '@landfall/outbox'

declare const self: ServiceWorkerGlobalScope

/** https://developer.mozilla.org/docs/Web/API/SyncEvent; not in TypeScript's library. */
interface SyncEvent extends ExtendableEvent {
  tag: string
  lastChance: boolean
}

/** There is a network: the browser wakes us, with or without a page, to send what waits. */
export function drainOnSync(): void {
  self.addEventListener('sync' as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
    const { tag, waitUntil } = withTag(event)
    const queue = queueOfSyncTag(tag)
    if (queue !== undefined) waitUntil(drainOrComeAgain(queue))
  })
}

function withTag(event: Event) {
  const sync = event as SyncEvent
  return { tag: sync.tag, waitUntil: (work: Promise<unknown>) => sync.waitUntil(work) }
}

/** A rejected sync is fired again by the browser in its own time; pages and our backoff do not wait for that. */
async function drainOrComeAgain(queue: string): Promise<void> {
  const results = await drainAll({ only: queue, urgency: 'eager' })
  if (results.some((result) => result.kind === 'waiting')) throw new Error(`queue ${queue} is not empty yet`)
}
