/** The page was closed here: nothing that comes after it happens. */
export class ClosedHereError extends Error {
  override name = 'ClosedHereError'
}

/** Where a page is closed: before its nth step takes effect, or after, before anybody hears of it. */
export interface Crash {
  step: number
  isAfterEffect: boolean
}

/** Runs pages one step at a time; `choose` says whose turn it is. A step is one statement or one transaction. */
export class Turns {
  readonly #choose: () => number
  #waiting: { page: number; go: () => void }[] = []
  #busy = 0

  constructor(choose: () => number) {
    this.#choose = choose
  }

  /** A page at work: its steps wait for their turn, and none comes after its crash. */
  async run<T>(page: number, crash: Crash | null, work: (step: Step) => Promise<T>): Promise<T | 'closed'> {
    let steps = 0
    let isClosed = false
    this.#busy += 1
    const step: Step = async (effect) => {
      if (isClosed) throw new ClosedHereError()
      await this.#turn(page)
      const isLast = crash?.step === steps
      steps += 1
      if (isLast) isClosed = true
      if (isLast && !crash?.isAfterEffect) throw new ClosedHereError()
      const result = await effect()
      if (isLast) throw new ClosedHereError()
      return result
    }
    try {
      return await work(step)
    } catch (error) {
      if (isClosed) return 'closed'
      throw error
    } finally {
      this.#busy -= 1
      this.#grant()
    }
  }

  #turn(page: number): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ page, go })
      this.#busy -= 1
      this.#grant()
    })
  }

  /** Only when every page waits, so that the order does not hang on who is fast. */
  #grant(): void {
    if (this.#busy > 0 || this.#waiting.length === 0) return
    this.#waiting.sort((first, second) => first.page - second.page)
    const [next] = this.#waiting.splice(this.#choose() % this.#waiting.length, 1)
    this.#busy += 1
    next?.go()
  }
}

/** Has something done in one piece. */
export type Step = <T>(effect: () => Promise<T>) => Promise<T>
