import { Actor } from './actor.ts'
import type { VirtualTime } from './virtual-time.ts'

type Listener = (event: { data: unknown }) => void

/** BroadcastChannel within one run: everybody on it hears a message but its sender. */
export function createChannelClass(time: () => VirtualTime) {
  const open = new Map<string, Set<ModelChannel>>()

  class ModelChannel {
    readonly name: string
    readonly #actor = Actor.current()
    readonly #listeners = new Set<Listener>()
    onmessage: Listener | null = null

    constructor(name: string) {
      this.name = name
      const channels = open.get(name) ?? new Set()
      open.set(name, channels.add(this))
      this.#actor?.onDeath(() => this.close())
    }

    postMessage(data: unknown): void {
      if (this.#actor && !this.#actor.isAlive) return
      const channels = open.get(this.name)
      if (!channels?.has(this)) throw new DOMException('the channel is closed', 'InvalidStateError')
      for (const other of channels) if (other !== this) other.#hear(structuredClone(data))
    }

    addEventListener(_type: string, listener: Listener): void {
      this.#listeners.add(listener)
    }

    removeEventListener(_type: string, listener: Listener): void {
      this.#listeners.delete(listener)
    }

    close(): void {
      open.get(this.name)?.delete(this)
    }

    #hear(data: unknown): void {
      this.#actor?.run(() =>
        time().queue(() => {
          if (!this.#actor?.isAlive || !open.get(this.name)?.has(this)) return
          this.onmessage?.({ data })
          for (const listener of this.#listeners) listener({ data })
        }),
      )
    }
  }
  return ModelChannel
}
