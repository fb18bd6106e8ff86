import { ProblemError } from '@landfall/contract'
import type { ShapeReader } from './shape-definitions.ts'

/** How long a proof holds for what is answered at once, and for the events of a stream. */
const HOLDS_FOR_MS = 2_000

/** Who asks, looked at again after a wait, and when the last look is too long ago: a member may be removed meanwhile. */
export class StandingAuthorisation {
  readonly #authorise: () => Promise<ShapeReader>
  readonly #holdsForMs: number
  #provenAtMs = Number.NEGATIVE_INFINITY
  #reader: ShapeReader | undefined

  constructor(authorise: () => Promise<ShapeReader>, holdsForMs = HOLDS_FOR_MS) {
    this.#authorise = authorise
    this.#holdsForMs = holdsForMs
  }

  /** @throws ProblemError as `again` does */
  async reader(): Promise<ShapeReader> {
    const isFresh = performance.now() - this.#provenAtMs < this.#holdsForMs
    return this.#reader && isFresh ? this.#reader : this.again()
  }

  /** @throws ProblemError when they may not read, or when the same proof is another reader's by now */
  async again(): Promise<ShapeReader> {
    const reader = await this.#authorise()
    if (this.#reader && JSON.stringify(reader) !== JSON.stringify(this.#reader)) {
      throw new ProblemError('not_allowed', 'This is no longer yours to read.')
    }
    this.#provenAtMs = performance.now()
    this.#reader = reader
    return reader
  }

  /** Passes a stream on for as long as its reader may read it, and then ends it. */
  guard(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    return stream.pipeThrough(
      new TransformStream({
        transform: async (chunk, controller) => {
          try {
            await this.reader()
          } catch {
            // The reader comes again, and is told why.
            return controller.terminate()
          }
          controller.enqueue(chunk)
        },
      }),
    )
  }
}
