/** Runs one piece of work at a time; of those that come meanwhile only the latest is run, the others are out of date. */
export class LatestOnly {
  #next: (() => Promise<void>) | undefined
  #running: Promise<void> | undefined

  /** Resolves when this work, or a later one in its place, is done. A failure of one does not keep the next from running. */
  run(work: () => Promise<void>): Promise<void> {
    this.#next = work
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #drain(): Promise<void> {
    while (this.#next) {
      const work = this.#next
      this.#next = undefined
      await work().catch(() => {})
    }
  }
}
