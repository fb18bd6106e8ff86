import { ProblemError } from '@landfall/contract'

export interface ReadLimits {
  /** Bytes as they arrive. */
  maxBytes: number
  /** From the call to the last byte. */
  withinMs?: number
}

/** A body takes less than this, or the caller is cut off: devices give a whole request up after 30 s. */
export const BODY_WITHIN_MS = 20_000

/**
 * Bytes of a body. One that is too large or that trickles in is given up while it is read, as the problem `too_large` or
 * `too_slow`, and never held whole.
 */
export async function readBytes(request: Request, limits: ReadLimits): Promise<Uint8Array> {
  const { maxBytes, withinMs = BODY_WITHIN_MS } = limits
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const reader = request.body?.getReader()
  if (!reader) return new Uint8Array()
  const timeUp = startTimer(withinMs)
  try {
    return await readUpTo(reader, maxBytes, timeUp.promise)
  } catch (error) {
    // Not awaited: the end of a body that does not come may not come either.
    reader.cancel(error).catch(() => {})
    throw error
  } finally {
    timeUp.clear()
  }
}

async function readUpTo(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  timeUp: Promise<never>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), timeUp])
    if (done) return Buffer.concat(chunks, size)
    size += value.byteLength
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(value)
  }
}

function startTimer(ms: number): { promise: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProblemError('too_slow', `The body took longer than ${ms / 1_000} s.`)), ms)
  })
  return { promise, clear: () => clearTimeout(timer) }
}

const tooLarge = (maxBytes: number) => new ProblemError('too_large', `The body may have ${maxBytes} bytes at most.`)
