/** A log that keeps its latest part in memory. */
export interface TailOwner {
  readonly tailBytes: number
  /** Gives up at least this much if it can: what is not written yet stays. */
  shrinkTail(bytes: number): void
}

const BUDGET_BYTES = 64_000_000

/** Shares memory among the tails of all logs: those that were used last keep theirs. */
export class TailBudget {
  readonly #budgetBytes: number
  /** The one used longest ago comes first. */
  readonly #owners = new Map<TailOwner, number>()
  #bytes = 0

  constructor(budgetBytes = BUDGET_BYTES) {
    this.#budgetBytes = budgetBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Called when a tail has grown, shrunk or been read. */
  touch(owner: TailOwner): void {
    this.#bytes -= this.#owners.get(owner) ?? 0
    this.#owners.delete(owner)
    if (owner.tailBytes > 0) this.#count(owner)
    for (const other of this.#owners.keys()) {
      const excess = this.#bytes - this.#budgetBytes
      if (excess <= 0) return
      // More than needed, so that it is not done again with the next change.
      other.shrinkTail(excess + this.#budgetBytes / 16)
      this.#bytes -= this.#owners.get(other) ?? 0
      // Set again it keeps its place among the others.
      if (other.tailBytes === 0) this.#owners.delete(other)
      else this.#count(other)
    }
  }

  #count(owner: TailOwner): void {
    this.#owners.set(owner, owner.tailBytes)
    this.#bytes += owner.tailBytes
  }
}
