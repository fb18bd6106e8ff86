import type { Entry } from '../entry/entry.ts'
import { isRecord } from '../entry/read-entry.ts'
import type { Change } from '../store/store-context.ts'

/** `null`: something changed, said by a version that does not say what. `entries`: as they are now, where it is known. */
export type ChangeListener = (change: Change | null, entries?: readonly Entry[]) => void

/** Tells every tab and the service worker of this origin what changed in a queue. */
export class ChangeChannel {
  #channel: BroadcastChannel | undefined
  readonly #listeners = new Set<ChangeListener>()

  constructor(queue: string) {
    if (typeof BroadcastChannel === 'undefined') return
    this.#channel = new BroadcastChannel(`landfall:outbox:${queue}`)
    this.#channel.onmessage = ({ data }) => this.#tell(isChange(data) ? data : null)
  }

  /** A channel does not hear itself, so listeners of this context are told directly. */
  announce(change: Change, entries?: readonly Entry[]): void {
    this.#channel?.postMessage(change)
    this.#tell(change, entries)
  }

  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#listeners.clear()
    this.#channel?.close()
    // A closed channel throws when it is spoken to.
    this.#channel = undefined
  }

  #tell(change: Change | null, entries?: readonly Entry[]): void {
    for (const listener of this.#listeners) listener(change, entries)
  }
}

function isChange(data: unknown): data is Change {
  return isRecord(data) && Number.isSafeInteger(data.revision) && Array.isArray(data.opIds)
}
