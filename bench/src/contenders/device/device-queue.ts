import type { Operation } from '@landfall/contract'

/**
 * A way to keep leads on a device. Times are milliseconds by the clock of whoever does the work, so that a queue in the
 * service worker is not charged for the message that asks it.
 */
export interface DeviceQueue {
  /** @returns how long it took until the queue itself held the lead for saved */
  save(lead: Operation): Promise<number>
  /** Resolves when nothing that a `save` left behind runs any more. */
  settle(): Promise<void>
  /** Puts many in by the fastest way that the queue has; nobody measures it. */
  fill(leads: Operation[]): Promise<void>
}

/** A queue that also delivers. Until it is told to drain, it is offline. */
export interface DrainableQueue extends DeviceQueue {
  /**
   * The network is back: sends everything.
   *
   * @returns how long it took until the queue was empty
   */
  drain(): Promise<number>
}
