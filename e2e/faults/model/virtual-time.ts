import { Actor } from './actor.ts'

const realSetImmediate = globalThis.setImmediate

/** A loop that takes more turns than this without a timer is one that never rests. */
const MOST_TURNS = 60_000

interface Timer {
  id: number
  atMs: number
  actor: Actor
  ring: () => void
}

/**
 * The event loop of a run: tasks in the order they came, timers by a clock that moves only when told. Between two tasks
 * all promises are worked off, so a run stops after any number of turns, and the same seed stops at the same point.
 */
export class VirtualTime {
  #elapsedMs = 0
  #wallMs: number
  #tasks: (() => void)[] = []
  #timers: Timer[] = []
  #lastId = 0
  /** Timers that have rung so far. */
  rings = 0

  constructor(startMs: number) {
    this.#wallMs = startMs
  }

  /** The device's clock. */
  now = (): number => this.#wallMs + this.#elapsedMs

  /** Somebody sets the clock of the device; timers do not care. */
  jump(byMs: number): void {
    this.#wallMs += byMs
  }

  queue(task: () => void): void {
    const actor = Actor.current()
    this.#tasks.push(actor ? () => actor.run(task) : task)
  }

  setTimer(actor: Actor, ring: () => void, delayMs: number): number {
    this.#lastId += 1
    this.#timers.push({ id: this.#lastId, atMs: this.#elapsedMs + delayMs, actor, ring: () => actor.run(ring) })
    return this.#lastId
  }

  clearTimer(id: number): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== id)
  }

  forget(actor: Actor): void {
    this.#timers = this.#timers.filter((timer) => timer.actor !== actor)
  }

  /** Works off this many tasks, or all there are. */
  async turns(count: number): Promise<void> {
    await drainPromises()
    for (let turn = 0; turn < count; turn += 1) {
      const task = this.#tasks.shift()
      if (!task) return
      task()
      await drainPromises()
    }
  }

  /** Goes on until nothing happens any more without time passing. @returns whether it came to rest */
  async settle(): Promise<boolean> {
    await this.turns(MOST_TURNS)
    return this.#tasks.length === 0
  }

  /** Lets time pass, timer after timer. @returns whether everything came to rest */
  async advance(byMs: number): Promise<boolean> {
    const untilMs = this.#elapsedMs + byMs
    let isAtRest = await this.settle()
    for (;;) {
      const due = this.#timers
        .filter((timer) => timer.atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs || a.id - b.id)[0]
      if (!due || !isAtRest) break
      this.clearTimer(due.id)
      this.#elapsedMs = Math.max(this.#elapsedMs, due.atMs)
      if (due.actor.isAlive) {
        this.rings += 1
        due.ring()
      }
      isAtRest = await this.settle()
    }
    this.#elapsedMs = untilMs
    return isAtRest
  }
}

function drainPromises(): Promise<void> {
  return new Promise((resolve) => realSetImmediate(resolve))
}
