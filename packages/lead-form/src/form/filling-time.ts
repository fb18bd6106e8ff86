/**
 * Measures from the first touch of a form to its submit, by a clock that nobody can set. A form that came with values,
 * a draft or a letter to be corrected, is not measured: its person typed them at another time.
 */
export class FillingTime {
  readonly #now: () => number
  #start: { atMs: number } | 'not measured' | undefined

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Call at every touch; only the first one counts. */
  touch(wasEmpty: boolean): void {
    this.#start ??= wasEmpty ? { atMs: this.#now() } : 'not measured'
  }

  /** Whatever was touched so far, what stands in the form now was typed at another time. */
  giveUp(): void {
    this.#start = 'not measured'
  }

  /** An empty form again, which nobody has touched. */
  restart(): void {
    this.#start = undefined
  }

  /** In whole milliseconds; undefined when it was not measured. */
  elapsedMs(): number | undefined {
    if (this.#start === undefined || this.#start === 'not measured') return undefined
    return Math.max(0, Math.round(this.#now() - this.#start.atMs))
  }
}
