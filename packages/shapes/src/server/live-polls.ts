/** An answer that several readers are given. */
export interface WholeAnswer {
  status: number
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

interface Poll {
  /** Undefined when the answer is too large to be kept for all. */
  answer: Promise<WholeAnswer | undefined>
  abort: AbortController
  readers: number
}

/** Electric ends a wait after 20 s. One that it forgot would be joined by ever more readers, and never be left by all. */
const ENDS_WITHIN_MS = 50_000

/** News of a wait are some rows. What is larger, each reader fetches for itself, as a stream. */
const MAX_SHARED_BYTES = 1024 * 1024

/**
 * Requests for news that wait at Electric, shared by all readers that wait for the same: many tabs of one tenant cost
 * Electric one connection. Whoever comes here is authorised already; the key says everything that Electric is asked.
 *
 * A reader that leaves harms no other. When the last has left, Electric is told.
 */
export class LivePolls {
  readonly #polls = new Map<string, Poll>()
  readonly #maxBytes: number

  constructor(maxBytes = MAX_SHARED_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** How many requests wait at Electric. */
  get size(): number {
    return this.#polls.size
  }

  /**
   * @param ask asks Electric, and lets go when the signal says so
   * @param leaving the reader goes away: the promise rejects with its reason
   * @returns undefined when the answer is too large to be shared
   */
  async join(
    key: string,
    ask: (signal: AbortSignal) => Promise<Response>,
    leaving: AbortSignal,
  ): Promise<WholeAnswer | undefined> {
    leaving.throwIfAborted()
    const poll = this.#polls.get(key) ?? this.#begin(key, ask)
    poll.readers += 1
    try {
      return await untilLeft(poll.answer, leaving)
    } finally {
      poll.readers -= 1
      if (poll.readers === 0) {
        this.#forget(key, poll)
        poll.abort.abort()
      }
    }
  }

  #begin(key: string, ask: (signal: AbortSignal) => Promise<Response>): Poll {
    const abort = new AbortController()
    const late = setTimeout(() => abort.abort(new Error('Electric did not end its answer')), ENDS_WITHIN_MS)
    const answer = untilLeft(
      ask(abort.signal).then((response) => readWhole(response, this.#maxBytes)),
      abort.signal,
    )
    const poll: Poll = { answer, abort, readers: 0 }
    this.#polls.set(key, poll)
    // Who comes later asks anew: this answer was for a wait that is over.
    const over = () => {
      clearTimeout(late)
      this.#forget(key, poll)
    }
    answer.then(over, over)
    return poll
  }

  #forget(key: string, poll: Poll): void {
    if (this.#polls.get(key) === poll) this.#polls.delete(key)
  }
}

async function readWhole(response: Response, maxBytes: number): Promise<WholeAnswer | undefined> {
  const { status, headers } = response
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the rest.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return { status, headers, body }
}

function untilLeft<T>(promise: Promise<T>, leaving: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const left = () => reject(leaving.reason)
    leaving.addEventListener('abort', left, { once: true })
    promise.then(resolve, reject).finally(() => leaving.removeEventListener('abort', left))
  })
}
