import type { QueueEntryView } from '@landfall/contract'
import type { DrainOptions, DrainResult } from './delivery/drain.ts'
import type { NewEntry } from './entry/entry.ts'
import type { SyncState } from './sync-state.ts'

/**
 * What an application needs of the outbox: write, watch, and say when to try. Everything else (`Outbox` itself) is for
 * the screens that look after drafts, dead letters and quarantine.
 */
export interface SyncEngine {
  /** Begins to deliver by itself while this page lives. Idempotent. */
  start(): Promise<void>
  /** Stops delivering from this page; what is queued stays, and the service worker or the next page delivers it. */
  stop(): void
  /** Calls back after every change of `getState()`. @returns how to stop that */
  subscribe(listener: () => void): () => void
  /** The state as of the last change; the same object until something changes. */
  getState(): SyncState
  /**
   * Puts writes into the queue, all or none. They are on disk when this resolves, and only then may a person be told that
   * they are saved.
   *
   * @throws OutboxUnavailableError when nothing was saved
   */
  enqueue(...writes: NewEntry[]): Promise<QueueEntryView[]>
  /** Delivers what is due. Never rejects: the state tells what happened. @returns undefined when the store failed */
  flush(options?: DrainOptions): Promise<DrainResult | undefined>
}
