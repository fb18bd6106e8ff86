import { OverloadError } from '../overload-error.ts'

const PARALLEL = 4
const MAX_WAITING = 1_000
const RETRY_AFTER_S = 5

/** Reads few snapshots at a time: each takes a connection, and the disk and processors of Postgres. */
export class SnapshotQueue {
  readonly #parallel: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  readonly #what: string
  #running = 0

  constructor(parallel = PARALLEL, maxWaiting = MAX_WAITING, what = 'new shapes') {
    this.#what = what
    this.#parallel = parallel
    this.#maxWaiting = maxWaiting
  }

  /** Throws an OverloadError when another snapshot would have to wait behind too many. */
  requireRoom(): void {
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new OverloadError(`There are too many ${this.#what} at once`, RETRY_AFTER_S)
    }
  }

  async run<T>(read: () => Promise<T>): Promise<T> {
    this.requireRoom()
    if (this.#running >= this.#parallel) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      return await read()
    } finally {
      // Whoever is next takes over the place.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
