import { withDrainLock } from '../coordination/drain-lock.ts'
import { backoffMs } from './backoff.ts'
import { type DrainDependencies, type DrainOptions, type DrainResult, drain } from './drain.ts'

/** A store that failed is left alone for some seconds at least, and for longer each time. */
const FAILURES_AHEAD = 2

/** The drains of one page: one at a time, and never two that wait for the same. */
export class DrainRunner {
  readonly #queue: string
  readonly #dependencies: () => Promise<DrainDependencies>
  readonly #clock: Pick<DrainDependencies, 'now' | 'random'>
  readonly #waiting = new Map<string, Promise<DrainResult | undefined>>()
  #storeFailures = 0
  #storeNotBeforeMs = 0

  constructor(
    queue: string,
    clock: Pick<DrainDependencies, 'now' | 'random'>,
    dependencies: () => Promise<DrainDependencies>,
  ) {
    this.#queue = queue
    this.#clock = clock
    this.#dependencies = dependencies
  }

  /** After a failure of the store, when it is worth another try; in the past otherwise. */
  get storeNotBeforeMs(): number {
    return this.#storeNotBeforeMs
  }

  /**
   * Drains as soon as nobody else does. Who asks for the same before it has begun shares it.
   *
   * @returns undefined when the store failed; what it holds, it still holds
   */
  run(options: DrainOptions): Promise<DrainResult | undefined> {
    const kind = `${options.urgency ?? 'when-due'} ${options.keepalive ?? false}`
    const waiting = this.#waiting.get(kind)
    if (waiting) return waiting
    const forget = () => {
      if (this.#waiting.get(kind) === done) this.#waiting.delete(kind)
    }
    const done = this.#drainAlone(options, forget).finally(forget)
    this.#waiting.set(kind, done)
    return done
  }

  async #drainAlone(options: DrainOptions, onBegin: () => void): Promise<DrainResult | undefined> {
    try {
      const result = await withDrainLock(this.#queue, async () => {
        onBegin()
        return drain(await this.#dependencies(), options)
      })
      this.#storeFailures = 0
      this.#storeNotBeforeMs = 0
      return result
    } catch {
      this.#storeFailures += 1
      const delayMs = backoffMs(this.#storeFailures + FAILURES_AHEAD, undefined, this.#clock.random)
      this.#storeNotBeforeMs = this.#clock.now() + delayMs
      return undefined
    }
  }
}
