import type { Pressure } from './pressure.ts'

/** Something with bytes in memory that belong on disk. */
export interface Writable {
  /** Writes what there is; never called again before it is done. Must not reject. */
  write(): Promise<void>
}

/** Changes of many transactions go to disk together. */
const DELAY_MS = 10
const PARALLEL = 8

/** Writes logs in the background: each in order, several at a time. */
export class WriteQueue {
  readonly pressure: Pressure
  #waiting = new Set<Writable>()
  readonly #writing = new Map<Writable, Promise<void>>()
  #timer: NodeJS.Timeout | undefined

  constructor(pressure: Pressure) {
    this.pressure = pressure
  }

  add(log: Writable): void {
    this.#waiting.add(log)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#start()
    }, DELAY_MS)
  }

  /** Resolves when what a log has now is written, or has failed. */
  async finish(log: Writable): Promise<void> {
    while (this.#waiting.has(log) || this.#writing.has(log)) {
      if (this.#writing.has(log)) await this.#writing.get(log)
      else await this.#write(log)
    }
  }

  #start(): void {
    for (const log of this.#waiting) {
      if (this.#writing.size >= PARALLEL) return
      if (!this.#writing.has(log)) void this.#write(log)
    }
  }

  #write(log: Writable): Promise<void> {
    this.#waiting.delete(log)
    const written = log.write().finally(() => {
      this.#writing.delete(log)
      this.#start()
    })
    this.#writing.set(log, written)
    return written
  }
}
