const HIGH_BYTES = 32_000_000

/** Counts bytes that wait in memory for something slower, and lets whoever adds to them wait. */
export class Pressure {
  readonly #highBytes: number
  #bytes = 0
  #waiting: (() => void)[] = []

  constructor(highBytes = HIGH_BYTES) {
    this.#highBytes = highBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Negative for what waits no longer. */
  add(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#highBytes / 2) return
    for (const resume of this.#waiting.splice(0)) resume()
  }

  /** Undefined when there is room; else resolves when half of it is free again. */
  whenLow(): Promise<void> | undefined {
    if (this.#bytes <= this.#highBytes) return undefined
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
