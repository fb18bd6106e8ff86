import { AsyncLocalStorage } from 'node:async_hooks'

const current = new AsyncLocalStorage<Actor>()

/** Thrown to a tab or worker that was killed and does not know it: whatever it does next has no effect. */
export class ActorDead extends Error {
  override name = 'ActorDead'
}

/** A tab or a service worker of the model. Everything that its code does, also later and elsewhere, knows whose it is. */
export class Actor {
  readonly name: string
  readonly kind: 'tab' | 'worker' | 'person'
  isAlive = true
  isVisible = true
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #lastRites = new Set<() => void>()

  constructor(name: string, kind: Actor['kind']) {
    this.name = name
    this.kind = kind
  }

  /** Whose code runs now; undefined outside the model. */
  static current(): Actor | undefined {
    return current.getStore()
  }

  run<T>(work: () => T): T {
    return current.run(this, work)
  }

  /** What ends with it: open transactions, locks, timers. @returns takes it back */
  onDeath(rite: () => void): () => void {
    this.#lastRites.add(rite)
    return () => void this.#lastRites.delete(rite)
  }

  die(): void {
    if (!this.isAlive) return
    this.isAlive = false
    this.#listeners.clear()
    for (const rite of [...this.#lastRites]) rite()
    this.#lastRites.clear()
  }

  listen(type: string, listener: () => void, signal?: AbortSignal): void {
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners.add(listener))
    signal?.addEventListener('abort', () => listeners.delete(listener))
  }

  fire(type: string): void {
    this.run(() => {
      for (const listener of [...(this.#listeners.get(type) ?? [])]) listener()
    })
  }
}
