/** A part of a log, by place in the file. */
interface Span {
  start: number
  end: number
}

type Piece = Promise<IteratorResult<Buffer>>

/** The text of a range, made piece by piece as the first of its readers gets there. */
interface Page extends Span {
  log: object
  source: AsyncGenerator<Buffer>
  pieces: Piece[]
  readers: number
}

/** So much is kept for all logs together. */
const BUDGET_BYTES = 32_000_000

/**
 * Most live readers of a log ask for the same range at the same moment: its text is made once for all of them. Of each
 * log the latest small range is kept as long as there is room, a large one only as long as somebody reads it.
 */
export class SharedPages {
  readonly #budgetBytes: number
  /** Small ones; the one used longest ago comes first. */
  readonly #whole = new Map<object, Span & { text: Buffer }>()
  readonly #pages = new Set<Page>()
  #bytes = 0

  constructor(budgetBytes = BUDGET_BYTES) {
    this.#budgetBytes = budgetBytes
  }

  /** How much is kept, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** A small range; `make` returns nothing when its text is not to be had at once. */
  whole(log: object, { start, end }: Span, make: () => Buffer | undefined): Buffer | undefined {
    const kept = this.#whole.get(log)
    const text = kept?.start === start && kept.end === end ? kept.text : make()
    if (!text) return undefined
    this.forget(log)
    if (!this.#hasRoom(text.length)) return text
    this.#whole.set(log, { start, end, text })
    this.#bytes += text.length
    return text
  }

  /** A large range. Without room to keep it, it is made for each reader. */
  async *pieces(log: object, span: Span, make: () => AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
    const page = this.#pageOf(log, span, make)
    if (!page) {
      yield* make()
      return
    }
    page.readers += 1
    try {
      for (let index = 0; ; index += 1) {
        page.pieces[index] ??= page.source.next()
        const piece = await page.pieces[index]
        if (!piece || piece.done) return
        yield piece.value
      }
    } finally {
      page.readers -= 1
      if (page.readers === 0) await this.#close(page)
    }
  }

  /** Gives up what is small of a log. */
  forget(log: object): void {
    this.#bytes -= this.#whole.get(log)?.text.length ?? 0
    this.#whole.delete(log)
  }

  #pageOf(log: object, { start, end }: Span, make: () => AsyncGenerator<Buffer>): Page | undefined {
    // Few: each is large, and all of them have their room.
    for (const page of this.#pages) if (page.log === log && page.start === start && page.end === end) return page
    if (!this.#hasRoom(end - start)) return undefined
    const page: Page = { log, start, end, source: make(), pieces: [], readers: 0 }
    this.#pages.add(page)
    this.#bytes += end - start
    return page
  }

  async #close(page: Page): Promise<void> {
    this.#pages.delete(page)
    this.#bytes -= page.end - page.start
    await page.source.return(undefined)
  }

  /** Gives up what is small and was not used for long. */
  #hasRoom(bytes: number): boolean {
    if (bytes > this.#budgetBytes) return false
    for (const log of this.#whole.keys()) {
      if (this.#bytes + bytes <= this.#budgetBytes) return true
      this.forget(log)
    }
    return this.#bytes + bytes <= this.#budgetBytes
  }
}
