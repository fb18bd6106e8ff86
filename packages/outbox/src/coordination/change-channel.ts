/** Tells every tab and the service worker of this origin that a queue changed. */
export class ChangeChannel {
  #channel: BroadcastChannel | undefined
  readonly #listeners = new Set<() => void>()

  constructor(queue: string) {
    if (typeof BroadcastChannel === 'undefined') return
    this.#channel = new BroadcastChannel(`landfall:outbox:${queue}`)
    this.#channel.onmessage = () => this.#tell()
  }

  /** A channel does not hear itself, so listeners of this context are told directly. */
  announce(): void {
    this.#channel?.postMessage('changed')
    this.#tell()
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#listeners.clear()
    this.#channel?.close()
    // A closed channel throws when it is spoken to.
    this.#channel = undefined
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
